// As <urcu.h>.
#include <urcu.h>
