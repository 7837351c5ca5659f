# cmake -D NINES=build/test/nines -D OUT=folder -P documents.cmake: manual pages into OUT/man, completions into OUT/completions.
function(print file)
  execute_process(COMMAND ${NINES} ${ARGN} OUTPUT_FILE ${file} RESULT_VARIABLE code)
  if(code)
    message(FATAL_ERROR "nines ${ARGN} ended with ${code}")
  endif()
endfunction()

file(REMOVE_RECURSE ${OUT})
file(MAKE_DIRECTORY ${OUT}/man ${OUT}/completions)
print(${OUT}/completions/nines completion bash)
print(${OUT}/completions/_nines completion zsh)
print(${OUT}/completions/nines.fish completion fish)
print(${OUT}/man/nines.1 manual)

# The page of nines names all others.
file(STRINGS ${OUT}/man/nines.1 others REGEX "^\\.BR nines\\\\-")
foreach(line ${others})
  string(REGEX REPLACE "^\\.BR nines\\\\-([^ ]+) .*$" "\\1" command "${line}")
  string(REPLACE "\\-" "-" command "${command}")
  print(${OUT}/man/nines-${command}.1 manual ${command})
endforeach()

# Debian's packages hold them so; -n: the same bytes at any time.
find_program(GZIP gzip)
if(GZIP)
  file(GLOB pages ${OUT}/man/*.1)
  execute_process(COMMAND ${GZIP} -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(TOUCH ${OUT}/stamp)
