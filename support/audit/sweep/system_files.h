// Which files of an image come with a distribution or a package, rather than from those who built
// it.
#pragma once

#include <string_view>

namespace proving_ground {

// `path` within the image, without a leading '/'. Such files are full of words like "password", and
// nobody keeps secrets there; the run's own secrets are searched for everywhere.
bool IsSystemFile(std::string_view path);

// Text, as far as its beginning tells: no NUL.
bool IsText(std::string_view bytes);

}  // namespace proving_ground
