# Writes a .cpp file that holds every YAML file below scenarios/library and scenarios/catalog as text.
# cmake -D ROOT=<scenarios> -D OUT=<file.cpp> -P embed.cmake
file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/library/*.yaml ${ROOT}/catalog/*.yaml)
list(SORT files)
set(entries "")
foreach(file ${files})
  file(READ ${ROOT}/${file} text)
  string(APPEND entries "    {\"${file}\", R\"yaml--(${text})yaml--\"},\n")
endforeach()
set(code "// Written by scenarios/run/embed.cmake.
#include \"scenarios/run/resources.hpp\"

namespace nines::scenarios {

const std::vector<Resource>& resources() {
  static const std::vector<Resource> all = {\n${entries}  };
  return all;
}

}  // namespace nines::scenarios
")
file(WRITE ${OUT} "${code}")
