#include "compose/services/common/redis_link.h"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

namespace platform {
namespace {

using boost::system::error_code;

RedisReply Convert(const redisReply& from) {
  RedisReply reply;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      reply.type = RedisReply::Type::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
      reply.type = RedisReply::Type::kString;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_STATUS:
      reply.type = RedisReply::Type::kStatus;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      reply.type = RedisReply::Type::kError;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = RedisReply::Type::kArray;
      reply.elements.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) {
        reply.elements.push_back(Convert(*from.element[i]));
      }
      break;
    default:
      break;
  }
  return reply;
}

std::string ErrorText(const redisAsyncContext& context) {
  return context.errstr != nullptr && context.errstr[0] != '\0' ? context.errstr
                                                                : "connection closed";
}

}  // namespace

// A command that waits for its answer. One timer is both its deadline and its wake-up: it is
// cancelled when the answer or the end of the link comes first.
struct RedisLink::Call {
  Call(const asio::any_io_executor& executor, RedisLink* its_link)
      : wake(executor), link(its_link) {}

  asio::steady_timer wake;
  RedisLink* link;
  bool ended = false;
  std::optional<RedisReply> reply;  // none though ended: the link broke
};

RedisLink::RedisLink(asio::any_io_executor executor)
    : executor_(std::move(executor)), descriptor_(executor_), connect_wake_(executor_) {}

RedisLink::~RedisLink() { Close("abandoned"); }

std::shared_ptr<RedisLink> RedisLink::ConnectTcp(asio::any_io_executor executor,
                                                 const std::string& address, std::uint16_t port) {
  std::shared_ptr<RedisLink> link(new RedisLink(std::move(executor)));
  link->Attach(redisAsyncConnect(address.c_str(), port));
  return link;
}

std::shared_ptr<RedisLink> RedisLink::ConnectUnix(asio::any_io_executor executor,
                                                  const std::string& path) {
  std::shared_ptr<RedisLink> link(new RedisLink(std::move(executor)));
  link->Attach(redisAsyncConnectUnix(path.c_str()));
  return link;
}

void RedisLink::Attach(redisAsyncContext* context) {
  if (context == nullptr) throw RedisUnavailable("out of memory");
  if (context->err != 0) {
    const std::string reason = ErrorText(*context);
    redisAsyncFree(context);
    throw RedisUnavailable(reason);
  }
  context_ = context;
  descriptor_.assign(context->c.fd);
  context->ev.data = this;
  context->ev.addRead = [](void* link) { static_cast<RedisLink*>(link)->WaitReadable(); };
  context->ev.delRead = [](void* link) { static_cast<RedisLink*>(link)->want_read_ = false; };
  context->ev.addWrite = [](void* link) { static_cast<RedisLink*>(link)->WaitWritable(); };
  context->ev.delWrite = [](void* link) { static_cast<RedisLink*>(link)->want_write_ = false; };
  redisAsyncSetConnectCallback(context, &OnConnected);
  // hiredis calls this last of all before it frees the context, whatever the reason.
  context->ev.cleanup = [](void* link) { static_cast<RedisLink*>(link)->Detach(); };
}

void RedisLink::Detach() {
  if (close_reason_.empty()) close_reason_ = ErrorText(*context_);
  want_read_ = want_write_ = false;
  descriptor_.release();  // hiredis closes the socket; pending waits end as cancelled
  context_ = nullptr;
  connect_wake_.cancel();
  if (on_close_) on_close_();
}

void RedisLink::Close(const std::string& reason) {
  if (context_ == nullptr) return;
  close_reason_ = reason;
  // What is still on its way is not to be delivered: it would be carried out when the partition
  // that held it up is long over.
  const linger discard{.l_onoff = 1, .l_linger = 0};
  setsockopt(context_->c.fd, SOL_SOCKET, SO_LINGER, &discard, sizeof discard);
  redisAsyncFree(context_);  // ends all calls and detaches
}

void RedisLink::WaitReadable() {
  want_read_ = true;
  if (waiting_readable_) return;
  waiting_readable_ = true;
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                         [link = shared_from_this()](const error_code& error) {
                           link->waiting_readable_ = false;
                           if (error || !link->open() || !link->want_read_) return;
                           redisAsyncHandleRead(link->context_);
                           if (link->open() && link->want_read_) link->WaitReadable();
                         });
}

void RedisLink::WaitWritable() {
  want_write_ = true;
  if (waiting_writable_) return;
  waiting_writable_ = true;
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_write,
                         [link = shared_from_this()](const error_code& error) {
                           link->waiting_writable_ = false;
                           if (error || !link->open() || !link->want_write_) return;
                           redisAsyncHandleWrite(link->context_);
                           if (link->open() && link->want_write_) link->WaitWritable();
                         });
}

void RedisLink::OnConnected(const redisAsyncContext* context, int status) {
  auto* link = static_cast<RedisLink*>(context->ev.data);
  link->connected_ = status == REDIS_OK;
  link->connect_wake_.cancel();
}

asio::awaitable<void> RedisLink::AwaitConnection(std::chrono::milliseconds timeout) {
  const std::shared_ptr<RedisLink> self = shared_from_this();
  connect_wake_.expires_after(timeout);
  error_code ignored;
  co_await connect_wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (!connected_) Close("no connection within " + std::to_string(timeout.count()) + " ms");
  if (!open()) throw RedisUnavailable(close_reason_);
}

void RedisLink::OnReply(redisAsyncContext*, void* reply, void* raw_call) {
  const std::unique_ptr<std::shared_ptr<Call>> owner(static_cast<std::shared_ptr<Call>*>(raw_call));
  Call& call = **owner;
  call.ended = true;
  if (reply != nullptr) call.reply = Convert(*static_cast<redisReply*>(reply));
  --call.link->in_flight_;
  call.wake.cancel();
}

void RedisLink::Send(const std::vector<std::string>& args, const std::shared_ptr<Call>& call) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  data.reserve(args.size());
  sizes.reserve(args.size());
  for (const std::string& arg : args) {
    data.push_back(arg.data());
    sizes.push_back(arg.size());
  }
  auto owner = std::make_unique<std::shared_ptr<Call>>(call);
  if (redisAsyncCommandArgv(context_, &OnReply, owner.get(), static_cast<int>(args.size()),
                            data.data(), sizes.data()) != REDIS_OK) {
    throw RedisUnavailable("connection is closing");
  }
  owner.release();  // NOLINT(bugprone-unused-return-value): now OnReply's, called exactly once
  ++in_flight_;
}

asio::awaitable<RedisReply> RedisLink::Command(std::vector<std::string> args,
                                               std::chrono::milliseconds timeout) {
  const std::shared_ptr<RedisLink> self = shared_from_this();
  if (!open()) throw RedisUnavailable(close_reason_);
  const auto call = std::make_shared<Call>(executor_, this);
  call->wake.expires_after(timeout);
  Send(args, call);
  error_code ignored;
  co_await call->wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (!call->ended) Close("no answer within " + std::to_string(timeout.count()) + " ms");
  if (!call->reply) throw RedisOutcomeUnknown(close_reason_);
  co_return std::move(*call->reply);
}

}  // namespace platform
