// Reads the fields of one JSON object strictly: a wrong type, a value out of range or a name that
// nobody asked for is an error that says where, what was found and what may stand there.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace proving_ground {

class FieldReader {
 public:
  // `path` is how messages name the object ("x-acceptance.load"); `object` must outlive the reader.
  // A null object reads as empty. Throws ContractError when it is anything but an object.
  FieldReader(std::string path, const nlohmann::json& object);

  // Each leaves `value` as it is when the field is absent. `low` and `high` are inclusive.
  void Read(const std::string& name, int& value, int low, int high);
  void Read(const std::string& name, double& value, double low, double high);
  void Read(const std::string& name, std::chrono::milliseconds& value,
            std::chrono::milliseconds low, std::chrono::milliseconds high);
  void Read(const std::string& name, std::string& value);
  void Read(const std::string& name, std::vector<std::string>& value);
  // A string that must be one of `words`.
  void ReadWord(const std::string& name, std::string& value, const std::vector<std::string>& words);
  // The sub-object, or null when absent.
  const nlohmann::json& Object(const std::string& name);
  // Accepts a field that another part of the program reads.
  void Ignore(const std::string& name) { known_.insert(name); }

  // Throws ContractError when the object has a field that was never asked for.
  void RejectUnknown() const;

 private:
  const nlohmann::json* Find(const std::string& name);
  [[noreturn]] void Fail(const std::string& name, const nlohmann::json& found,
                         const std::string& expected) const;

  std::string path_;
  const nlohmann::json& object_;
  std::set<std::string> known_;
};

}  // namespace proving_ground
