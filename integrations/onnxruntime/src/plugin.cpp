// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What ONNX Runtime finds in the library: the factory of its execution providers.
#include <memory>
#include <string>

#include "api.hpp"
#include "options.hpp"
#include "packed_store.hpp"
#include "provider.hpp"

namespace winograd::ort {
namespace {

class Factory : public OrtEpFactory {
 public:
  Factory() : OrtEpFactory{} {
    ort_version_supported = ORT_API_VERSION;
    GetName = [](const OrtEpFactory*) noexcept { return kProviderName; };
    GetVendor = [](const OrtEpFactory*) noexcept { return "winograd"; };
    GetVendorId = [](const OrtEpFactory*) noexcept -> std::uint32_t { return 0; };
    GetVersion = [](const OrtEpFactory*) noexcept { return WINOGRAD_VERSION; };
    GetSupportedDevices = [](OrtEpFactory* self, const OrtHardwareDevice* const* devices,
                             std::size_t count, OrtEpDevice** found, std::size_t most,
                             std::size_t* found_count) noexcept -> OrtStatus* {
      *found_count = 0;
      for (std::size_t i = 0; i < count && *found_count < most; ++i) {
        if (Ort::GetApi().HardwareDevice_Type(devices[i]) != OrtHardwareDeviceType_CPU) continue;
        if (OrtStatus* status = Ort::GetEpApi().CreateEpDevice(self, devices[i], nullptr, nullptr,
                                                               &found[*found_count])) {
          return status;
        }
        ++*found_count;
      }
      return nullptr;
    };
    CreateEp = [](OrtEpFactory* self, const OrtHardwareDevice* const*,
                  const OrtKeyValuePairs* const*, std::size_t, const OrtSessionOptions* session,
                  const OrtLogger* logger, OrtEp** provider) noexcept -> OrtStatus* {
      *provider = nullptr;
      return guarded([&] {
        const Options options = read_options(Ort::ConstSessionOptions(session));
        *provider = std::make_unique<Provider>(options, logger, static_cast<Factory*>(self)->store_)
                        .release();
      });
    };
    ReleaseEp = [](OrtEpFactory*, OrtEp* provider) noexcept {
      delete static_cast<Provider*>(provider);
    };
    // Tensors are in the memory of the CPU, which ONNX Runtime allocates itself.
    CreateAllocator = [](OrtEpFactory*, const OrtMemoryInfo*, const OrtKeyValuePairs*,
                         OrtAllocator** allocator) noexcept -> OrtStatus* {
      *allocator = nullptr;
      return nullptr;
    };
    ReleaseAllocator = [](OrtEpFactory*, OrtAllocator*) noexcept {};
    CreateDataTransfer = [](OrtEpFactory*, OrtDataTransferImpl** transfer) noexcept -> OrtStatus* {
      *transfer = nullptr;
      return nullptr;
    };
    IsStreamAware = [](const OrtEpFactory*) noexcept { return false; };
  }

 private:
  PackedStore store_;
};

}  // namespace
}  // namespace winograd::ort

extern "C" {

[[gnu::visibility("default")]] OrtStatus* CreateEpFactories(const char* /*registered_name*/,
                                                            const OrtApiBase* base,
                                                            const OrtLogger* /*logger*/,
                                                            OrtEpFactory** factories,
                                                            std::size_t most, std::size_t* count) {
  *count = 0;
  const OrtApi* const api = base->GetApi(ORT_API_VERSION);
  if (api == nullptr) {
    const std::string text = std::string("winograd: ONNX Runtime 1.") +
                             std::to_string(ORT_API_VERSION) + " or later is needed, this is " +
                             base->GetVersionString();
    return base->GetApi(1)->CreateStatus(ORT_FAIL, text.c_str());
  }
  Ort::InitApi(api);
  return winograd::ort::guarded([&] {
    if (most < 1) throw Ort::Exception("winograd: no room for a factory", ORT_INVALID_ARGUMENT);
    factories[0] = std::make_unique<winograd::ort::Factory>().release();
    *count = 1;
  });
}

[[gnu::visibility("default")]] OrtStatus* ReleaseEpFactory(OrtEpFactory* factory) {
  delete static_cast<winograd::ort::Factory*>(factory);
  return nullptr;
}

}  // extern "C"
