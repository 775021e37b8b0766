// Does damage in the namespaces of a container, in a way that ends with this program. See
// commands.h.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "support/base/errors.h"
#include "support/base/interrupt.h"
#include "support/faults/helper/commands.h"
#include "support/faults/helper/report.h"

namespace proving_ground {
namespace {

using std::chrono::milliseconds;

// What the command line says; each command uses its part of it.
struct Arguments {
  std::int64_t life_ms = 60'000;
  std::vector<std::string> addresses;
  std::vector<std::string> targets;
  int port = 0;
  std::string control;
  Direction direction = Direction::kBoth;
  int percent = 0;
  bool both_ways = false;
  std::int64_t delay_ms = 0;
  std::string interface;

  Deadline End() const { return Within(milliseconds(life_ms)); }
};

std::optional<SocketAddress> Optional(const std::string& address) {
  if (address.empty()) return std::nullopt;
  return ParseSocketAddress(address);
}

std::vector<SocketAddress> SocketAddresses(const std::vector<std::string>& texts) {
  std::vector<SocketAddress> addresses;
  for (const std::string& text : texts) addresses.push_back(ParseSocketAddress(text));
  return addresses;
}

CLI::Validator Duration() {
  const std::map<std::string, std::int64_t> units = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}};
  return CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED, "DURATION");
}

// A command with the option that all have.
CLI::App* AddCommand(CLI::App& app, Arguments& arguments, const std::string& name,
                     const std::string& about, const std::function<void()>& run) {
  CLI::App* const command = app.add_subcommand(name, about);
  command
      ->add_option("--for", arguments.life_ms,
                   "ends by itself after this time: 500ms, 30s, 2m (default: 60s)")
      ->transform(Duration());
  command->callback(run);
  return command;
}

void AddAddresses(CLI::App* command, Arguments& arguments, const std::string& about) {
  command->add_option("--address", arguments.addresses, about)->delimiter(',')->required();
}

void AddPacketCommands(CLI::App& app, Arguments& arguments) {
  CLI::App* command = AddCommand(app, arguments, "drop", "drops packets", [&] {
    Drop({.addresses = arguments.addresses,
          .port = arguments.port,
          .direction = arguments.direction,
          .control = Optional(arguments.control),
          .end = arguments.End()});
  });
  AddAddresses(command, arguments, "of peers");
  command->add_option("--port", arguments.port, "TCP port at which peers are tried")
      ->check(CLI::Range(1, 65535))
      ->required();
  const std::map<std::string, Direction> directions = {
      {"out", Direction::kOut}, {"in", Direction::kIn}, {"both", Direction::kBoth}};
  command->add_option("--direction", arguments.direction, "out, in or both")
      ->transform(CLI::CheckedTransformer(directions));
  command->add_option("--control", arguments.control, "address:port that must go on answering");

  command = AddCommand(app, arguments, "lose", "drops a share of packets", [&] {
    Lose({.addresses = arguments.addresses,
          .percent = arguments.percent,
          .both_ways = arguments.both_ways,
          .end = arguments.End()});
  });
  AddAddresses(command, arguments, "of peers");
  command->add_option("--percent", arguments.percent, "share that is dropped")
      ->check(CLI::Range(1, 99))
      ->required();
  command->add_flag("--both-ways", arguments.both_ways, "drops what peers send, too");

  command = AddCommand(app, arguments, "delay", "delays what leaves", [&] {
    Delay({.by = milliseconds(arguments.delay_ms),
           .address = arguments.addresses.empty()
                          ? std::nullopt
                          : std::optional(ParseSocketAddress(arguments.addresses.front())),
           .interface = arguments.interface,
           .end = arguments.End()});
  });
  command->add_option("--by", arguments.delay_ms, "how long: 100ms")
      ->transform(Duration())
      ->required();
  command->add_option("--address", arguments.addresses, "address:port whose answers are timed")
      ->expected(1);
  command->add_option("--interface", arguments.interface, "this one only, be it the loopback");
}

void AddCommands(CLI::App& app, Arguments& arguments) {
  AddCommand(app, arguments, "crash", "crashes process 1", [&] { Crash(arguments.End()); });
  AddPacketCommands(app, arguments);
  CLI::App* const command =
      AddCommand(app, arguments, "watch", "watches whether addresses answer",
                 [&] { Watch(SocketAddresses(arguments.addresses), arguments.End()); });
  AddAddresses(command, arguments, "address:port to try");
  AddCommand(app, arguments, "live", "reads what the kernel says about containers",
             [&] { ReadLive(arguments.targets); })
      ->add_option("--target", arguments.targets, "container's id:pid")
      ->delimiter(',')
      ->required();
  AddCommand(app, arguments, "hold-address", "keeps its address",
             [&] { HoldAddress(arguments.End()); });
}

int Run(int argc, char** argv) {
  CLI::App app("Does damage in the namespaces of a container that ends with this program");
  app.require_subcommand(1);
  Arguments arguments;
  AddCommands(app, arguments);
  try {
    app.parse(argc, argv);
    return static_cast<int>(ExitCode::kProven);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  } catch (const Unavailable& unavailable) {
    Report({{"unavailable", unavailable.reason}});
    return static_cast<int>(ExitCode::kInconclusive);
  } catch (const std::exception& error) {
    Report({{"error", error.what()}});
    return ExitStatus(error);
  }
}

}  // namespace
}  // namespace proving_ground

int main(int argc, char** argv) {
  proving_ground::InstallInterruptHandlers();
  return proving_ground::Run(argc, argv);
}
