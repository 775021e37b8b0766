// Who reaches whom in a stack, tried from inside each of its containers.
//
// One helper enters the network namespace of every container in turn, makes sure that it is the
// container's (the kernel's number, and the addresses that the engine knows it by), begins all its
// connections at once and moves on: 57 containers, 18 000 connections, in the time that one
// silent address takes to be given up.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/compose/stack.h"
#include "support/contract/contract.h"
#include "support/engine/engine.h"

namespace proving_ground {

// A network that a container is attached to.
struct MemberNetwork {
  std::string name;
  bool internal = false;
};

// A running container of the stack as the engine and the contract describe it.
struct Member {
  std::string name;
  std::string service;
  std::optional<Role> role;                        // absent: the contract says nothing about it
  std::string team;                                // empty for shared services
  int process = 0;                                 // its first, as the engine's host numbers it
  std::map<std::string, MemberNetwork> addresses;  // address of either family -> network
  std::vector<int> published;                      // container ports
  std::vector<int> host_ports;                     // where they are published
};

// All running containers. Throws EnvironmentError when one does not run, unless it is of a team
// that the run is not about: then nothing can be said about the whole.
std::vector<Member> MembersOf(const Stack& stack, const Engine& engine, const Contract& contract);

// Whether verdicts are about it: it is shared, or of a team of the run.
bool IsOfRun(const Contract& contract, const Member& member);

// Address of "172.18.0.3:80" or "[fd00::3]:80", and how it is written with a port.
std::string AddressOf(const std::string& address_and_port);
std::string WithPort(const std::string& address, int port);

struct InterfacePrefix {
  std::string address;
  int prefix = 0;
};

// What was found from one place.
struct Sighting {
  std::string error;  // why nothing could be tried from there
  std::int64_t attempts = 0;
  std::set<std::string> connected;  // "172.18.0.3:80", "[fd00::3]:80"
  std::set<std::string> refused;
  std::map<std::string, std::vector<std::string>> resolved;  // name -> addresses
  std::vector<InterfacePrefix> interfaces;
  std::vector<int> listening;  // ports others could connect to
};

struct StackSurvey {
  std::map<std::string, Sighting> members;  // by container name
  Sighting host;                            // tries: the bystander
  Sighting bystander;                       // a container outside the stack; tries: host, strangers
  std::string bystander_listener;           // "address:port"
  std::vector<InterfacePrefix> host_addresses;
  int host_listener = 0;  // port, on all addresses of the host
  std::int64_t attempts = 0;
  // Packets that the kernel dropped without a word; absent: it does not tell.
  std::optional<std::int64_t> neighbours_refused;
  std::chrono::milliseconds took{0};
  bool complete = false;  // the helper came to its end
};

struct SurveyOptions {
  std::vector<int> ports;                     // tried at every address
  std::vector<std::string> names;             // asked for by every container
  std::chrono::milliseconds patience{1'500};  // a lost packet is repeated after a second
  std::string project;                        // of the stack
};

// Addresses that are nobody's (RFC 5737, RFC 3849), for trying whether there is a way out.
const std::vector<std::string>& StrangerAddresses();
// A name that exists, outside (RFC 2606).
inline constexpr std::string_view kOutsideName = "example.com";
// Ports that are tried at every address, listened on or not: Redis, HTTP, SSH, the engine's own.
const std::vector<int>& SensitivePorts();
// Names of services and of the containers that are one of a kind.
std::vector<std::string> NamesToAskFor(const std::vector<Member>& members);

// Takes some three seconds. Throws EnvironmentError, DeadlineExceeded.
StackSurvey Survey(const Engine& engine, const std::vector<Member>& members,
                   const SurveyOptions& options);

// Why what did not connect proves nothing; empty: it does.
std::string WhyBlind(const StackSurvey& survey);

// Reads one line of the helper.
void Take(std::string_view line, StackSurvey& survey);

// Everything that was found, for the run folder.
nlohmann::json ToJson(const std::vector<Member>& members, const StackSurvey& survey);

}  // namespace proving_ground
