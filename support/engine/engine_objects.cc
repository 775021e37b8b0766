// Engine: images, and any object as the engine describes it.
#include <nlohmann/json.hpp>

#include "support/engine/calls.h"
#include "support/engine/decode.h"
#include "support/engine/engine.h"

namespace proving_ground {
namespace {

// The slashes of an image's name are part of the path; all else is encoded.
std::string ImagePath(const std::string& name) {
  std::string path = "/images/";
  for (const char character : name) {
    path += character == '/' || character == ':' ? std::string(1, character)
                                                 : UrlEncoded(std::string_view(&character, 1));
  }
  return path;
}

std::string PathOf(ObjectKind kind, const std::string& name) {
  switch (kind) {
    case ObjectKind::kEngine:
      return "/info";
    case ObjectKind::kContainer:
      return "/containers/" + UrlEncoded(name) + "/json";
    case ObjectKind::kNetwork:
      return "/networks/" + UrlEncoded(name);
    case ObjectKind::kVolume:
      return "/volumes/" + UrlEncoded(name);
    case ObjectKind::kImage:
      return ImagePath(name) + "/json";
    case ObjectKind::kImageHistory:
      return ImagePath(name) + "/history";
  }
  return {};
}

}  // namespace

Image Engine::InspectImage(const std::string& name) const {
  Request request;
  request.target = PathOf(ObjectKind::kImage, name);
  Image image;
  Ask(request, "inspect image " + name,
      [&](const nlohmann::json& object) { image = DecodeImage(object); });
  return image;
}

nlohmann::json Engine::Describe(ObjectKind kind, const std::string& name) const {
  Request request;
  request.target = PathOf(kind, name);
  nlohmann::json description;
  Ask(request, "describe " + (name.empty() ? "itself" : ShortId(name)),
      [&](const nlohmann::json& object) { description = object; });
  return description;
}

}  // namespace proving_ground
