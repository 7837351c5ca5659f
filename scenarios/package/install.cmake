# What is installed, and the two Debian packages: `nines` (component cli) and `libnines-dev` (component dev).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The program, its manual pages and completions. The pages are printed by the program itself, from the tables that it reads its arguments with.
set(documents ${CMAKE_BINARY_DIR}/documents)
add_custom_command(
  OUTPUT ${documents}/stamp
  COMMAND ${CMAKE_COMMAND} -D NINES=$<TARGET_FILE:nines> -D OUT=${documents} -P ${CMAKE_SOURCE_DIR}/scenarios/package/documents.cmake
  DEPENDS nines ${CMAKE_SOURCE_DIR}/scenarios/package/documents.cmake
  COMMENT "Printing manual pages and completions"
  VERBATIM)
if(NOT NINES_FUZZ)
  add_custom_target(documents ALL DEPENDS ${documents}/stamp)
endif()
install(TARGETS nines RUNTIME COMPONENT cli)
install(DIRECTORY ${documents}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT cli)
install(FILES ${documents}/completions/nines DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT cli)
install(FILES ${documents}/completions/_nines DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT cli)
install(FILES ${documents}/completions/nines.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT cli)
set(doc ${CMAKE_INSTALL_DATADIR}/doc)
install(FILES LICENSE DESTINATION ${doc}/nines RENAME copyright COMPONENT cli)
install(FILES README.md DESTINATION ${doc}/nines COMPONENT cli)
install(FILES scenarios/schema/scenario.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/nines COMPONENT cli)
install(DIRECTORY scenarios/library DESTINATION ${doc}/nines COMPONENT cli)

# The libraries. nines_export() has put each of them, with its headers, into the export set.
set(cmake_files lib/cmake/nines)
get_property(exported GLOBAL PROPERTY NINES_EXPORTED)
set(NINES_ANALYSIS "")
foreach(name ${exported})
  if(name MATCHES "^analysis_")
    list(APPEND NINES_ANALYSIS nines::${name})
  endif()
endforeach()
install(EXPORT nines NAMESPACE nines:: FILE ninesTargets.cmake DESTINATION ${cmake_files} COMPONENT dev)
configure_package_config_file(scenarios/package/ninesConfig.cmake.in ${CMAKE_BINARY_DIR}/ninesConfig.cmake INSTALL_DESTINATION ${cmake_files})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ninesConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/ninesConfig.cmake ${CMAKE_BINARY_DIR}/ninesConfigVersion.cmake scenarios/package/hdf5.cmake
        DESTINATION ${cmake_files} COMPONENT dev)
install(CODE "
  if(CMAKE_INSTALL_DO_STRIP)   # CMake strips programs only.
    file(GLOB archives \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/nines/*.a\")
    execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-debug \${archives} COMMAND_ERROR_IS_FATAL ANY)
  endif()" COMPONENT dev)
install(FILES LICENSE DESTINATION ${doc}/libnines-dev RENAME copyright COMPONENT dev)
install(FILES tests/consumer/CMakeLists.txt tests/consumer/main.cpp DESTINATION ${doc}/libnines-dev/examples COMPONENT dev)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nines)
set(CPACK_PACKAGE_VENDOR "nines developers")
set(CPACK_PACKAGE_CONTACT "nines developers <nines@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL cli dev)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_CLI_PACKAGE_NAME nines)
set(CPACK_DEBIAN_CLI_PACKAGE_SECTION science)
set(CPACK_DEBIAN_CLI_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_CLI_DESCRIPTION
"How many nines does a Raft-replicated cluster have, why not more, and at what
price? nines builds the cluster in memory, lets machines crash, zones fail and
operators err as often as they do, and simulates every election message by
message. This package holds the program, its manual pages and completions.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libnines-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libboost-dev, libeigen3-dev, libhdf5-dev, libspdlog-dev, libfmt-dev, libyaml-cpp-dev, nlohmann-json3-dev, libexpected-dev")
set(CPACK_COMPONENT_DEV_DESCRIPTION
"The simulated world with failure sources of one's own, the estimators and
solvers, and the reader of scenarios, for find_package(nines). This package
holds headers, static libraries and CMake files.")
include(CPack)
