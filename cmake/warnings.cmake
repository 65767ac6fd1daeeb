# One set of flags for everything we compile. Contraction is off so that builds with and without FMA
# give the same bits (docs/decisions/0003-same-bits.md).
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
                    -Wold-style-cast -Wdouble-promotion -ffp-contract=off)
# Clang, which only builds the fuzz targets, warns of other things from release to release.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Werror)
endif()
