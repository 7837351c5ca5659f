# nines::hdf5: HDF5's C interface and its dimension scales. Used by the build, and by ninesConfig.cmake where nines is used as a library: the
# paths are those of the machine at hand, never of the one that built it.
if(NOT TARGET nines::hdf5)
  add_library(nines::hdf5 INTERFACE IMPORTED GLOBAL)
  set_target_properties(nines::hdf5 PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${HDF5_C_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "${HDF5_C_HL_LIBRARIES};${HDF5_C_LIBRARIES}")
endif()
