# One set of flags for everything we compile. Contraction is off so that builds with and without FMA
# give the same bits (docs/decisions/0003-same-bits.md).
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
                    -Wold-style-cast -Wdouble-promotion -ffp-contract=off)
# Clang, which only builds the fuzz targets, warns of other things from release to release.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Werror)
  # Guesses of g++ 12's optimiser: wrong about vectors and strings that grow, and different at each -O,
  # so that one build would pass where another fails. The sanitizers of `make full` look for the real thing.
  add_compile_options(-Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-restrict)
endif()
