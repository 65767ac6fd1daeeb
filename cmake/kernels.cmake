# kernels(TARGET file...): compiles the files once for every instruction set that is chosen from at run
# time (src/dsp/kernels.cpp), each time into a namespace of its own name, POLYPHASE_INSTRUCTION_SET.
# They call nothing but each other: an inline function shared with the rest could be linked from here
# and then run on a machine without these instructions.
function(kernels target)
  set(flags_baseline "")
  set(flags_avx2 -mavx2)
  set(flags_avx512 -mavx512f -mavx512dq -mavx512vl)
  set(sets baseline)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND sets avx2 avx512)
    target_compile_definitions(${target} PRIVATE POLYPHASE_X86_64)
  endif()
  foreach(set ${sets})
    add_library(${target}_${set} OBJECT ${ARGN})
    target_include_directories(${target}_${set} PRIVATE ${CMAKE_SOURCE_DIR}/src)
    target_compile_definitions(${target}_${set} PRIVATE POLYPHASE_INSTRUCTION_SET=${set})
    # Loops over lanes are written out; what is left to the optimiser must not depend on -O1 or -O3.
    # A root sets no errno: it is one instruction.
    target_compile_options(${target}_${set} PRIVATE -O3 -fno-math-errno ${flags_${set}})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_${set}>)
  endforeach()
endfunction()
