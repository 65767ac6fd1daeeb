# One set of flags for everything we compile. Contraction is off so that builds with and without FMA
# give the same bits (docs/decisions/0003-same-bits.md).
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
                    -Wold-style-cast -Wdouble-promotion -Werror -ffp-contract=off)
