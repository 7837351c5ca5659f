// Counts every allocation of a test program. It replaces operator new and delete, so one file of the program includes it.
#pragma once

#include <atomic>
#include <cstdlib>
#include <new>

namespace nines::testing_allocations {

inline std::atomic<unsigned long> allocations{0};

inline void* counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = alignment == 0 ? std::malloc(size) : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace nines::testing_allocations

void* operator new(std::size_t size) { return nines::testing_allocations::counted(size, 0); }
void* operator new[](std::size_t size) { return nines::testing_allocations::counted(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return nines::testing_allocations::counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return nines::testing_allocations::counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
