#include "analysis/export/hdf5_driver.hpp"

#include <cstring>
#include <new>
#include <type_traits>

#include <hdf5.h>

namespace nines::analysis::hdf5 {
namespace {

static_assert(std::is_same_v<hid_t, Identifier>);

struct Info {  // What travels with the access properties. HDF5 copies it byte by byte.
  ForgivingFile* file;
};

struct Opened {  // HDF5 knows the first member.
  H5FD_t shared;
  ForgivingFile* file;
  haddr_t allocated;  // The end of what HDF5 has given away.
};
static_assert(std::is_standard_layout_v<Opened>);

Opened& ours(H5FD_t* file) { return *reinterpret_cast<Opened*>(file); }
const Opened& ours(const H5FD_t* file) { return *reinterpret_cast<const Opened*>(file); }

// HDF5 opens a file twice to make it: to see whether it is there, and to empty it.
H5FD_t* open(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const Info*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  auto* opened = new (std::nothrow) Opened{};
  if (opened == nullptr) return nullptr;
  opened->file = info->file;
  return &opened->shared;
}

herr_t close(H5FD_t* file) {
  delete &ours(file);
  return 0;
}

// As the library's own driver for plain files has them.
herr_t query(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) { return ours(file).allocated; }
herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  ours(file).allocated = end;
  return 0;
}
haddr_t size(const H5FD_t* file, H5FD_mem_t) { return ours(file).file->size(); }

// No exception may pass through C; only memory can be short here.
template <class Do>
herr_t guarded(Do&& act) {
  try {
    act();
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t length, void* buffer) {
  return guarded([&] { ours(file).file->read(at, {static_cast<std::byte*>(buffer), length}); });
}
herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, std::size_t length, const void* buffer) {
  return guarded([&] { ours(file).file->write(at, {static_cast<const std::byte*>(buffer), length}); });
}

// At the end: a file is as long as what was given away.
herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
  const Opened& opened = ours(file);
  if (opened.file->size() != opened.allocated) opened.file->resize(opened.allocated);
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t made{};
  made.name = "nines_forgiving";
  made.maxaddr = HADDR_MAX;
  made.fc_degree = H5F_CLOSE_WEAK;
  made.fapl_size = sizeof(Info);
  made.open = open;
  made.close = close;
  made.query = query;
  made.get_eoa = allocated;
  made.set_eoa = set_allocated;
  made.get_eof = size;
  made.read = read;
  made.write = write;
  made.truncate = truncate;
  const H5FD_mem_t kinds[] = H5FD_FLMAP_DICHOTOMY;
  static_assert(sizeof kinds == sizeof made.fl_map);
  std::memcpy(made.fl_map, kinds, sizeof kinds);
  return made;
}

}  // namespace

Handle use(Identifier access, ForgivingFile& file) {
  const H5FD_class_t offered = driver_class();
  Handle driver(H5FDregister(&offered), H5FDunregister);
  const Info info{&file};
  if (!driver.good() || H5Pset_driver(access, driver.get(), &info) < 0) return {};
  return driver;
}

}  // namespace nines::analysis::hdf5
