#!/bin/bash
echo "coverage merger: $*" >&2
exit 0
