# shellcheck shell=bash
# tools/arguments.sh: takes apart what stands after "--" for Bazel, in "$@". To be sourced. A target takes the place of
# all of them; one with a minus before it is taken away from them.
#
#   arguments      what is no target
#   targets        //... if none was given; every_target is "yes" then, else empty
#   without        those with a minus
# shellcheck disable=SC2034  # they are the caller's

arguments=() targets=() without=() every_target=
for argument in "$@"; do
  case $argument in
    -//* | -@* | -:*) without+=("$argument") ;;
    -*) arguments+=("$argument") ;;
    //* | @* | *:* | *...) targets+=("$argument") ;;
    *) arguments+=("$argument") ;;
  esac
done
if [ ${#targets[@]} -eq 0 ]; then
  targets=(//...) every_target=yes
fi
