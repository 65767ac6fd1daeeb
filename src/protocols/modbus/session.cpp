#include "protocols/modbus/session.hpp"

#include <algorithm>
#include <atomic>

namespace polyphase::protocols::modbus {
namespace {

namespace wire = polyphase::wire::modbus;
namespace function = wire::function;

constexpr std::uint8_t broadcast_unit = 0;
constexpr std::uint8_t unit_max = 247;
constexpr std::uint8_t unit_of_tcp = 255;  // what clients name when there is no serial line behind

bool is_write(const Request& request) {
  return request.function == function::write_register ||
         request.function == function::write_registers;
}

}  // namespace

/// The commands of one write, which the meter's thread answers one by one.
struct Session::Change {
  std::atomic<std::size_t> open{0};
  std::atomic<Exception> exception{Exception::none};
  std::shared_ptr<net::Loop> loop;
  std::weak_ptr<Session*> session;

  void done(const Result<void>& result) {
    if (!result) exception = exception_of(result.error());
    if (--open > 0) return;
    loop->post([session = session, exception = exception.load()] {
      if (const auto alive = session.lock()) (*alive)->changed(exception);
    });
  }
};

Session::Session(net::Connection& connection, std::shared_ptr<net::Loop> loop,
                 control::Meter& meter, Requests& requests, std::shared_ptr<void> place)
    : connection_(connection),
      loop_(std::move(loop)),
      meter_(meter),
      requests_(requests),
      place_(std::move(place)),
      self_(std::make_shared<Session*>(this)) {}

Session::~Session() = default;

std::size_t Session::received(std::span<const std::uint8_t> bytes) {
  if (busy_) return 0;
  requests_.begin();
  const std::size_t size = bytes.size();
  while (!busy_ && !connection_.backed_up()) {
    wire::Frame frame;
    const wire::Framing framing = wire::take(bytes, frame);
    if (framing == wire::Framing::incomplete) break;
    if (framing == wire::Framing::broken) {
      connection_.send(out_);
      out_.clear();
      connection_.close();
      return size;
    }
    answer(frame);
    if (out_.size() >= net::read_buffer_size) {
      connection_.send(out_);
      out_.clear();
    }
  }
  connection_.send(out_);
  out_.clear();
  return size - bytes.size();
}

void Session::answer(const wire::Frame& frame) {
  Request request;
  const Exception wrong = wire::parse_request(frame.pdu, request);
  if (frame.unit == broadcast_unit) {
    if (wrong == Exception::none && request.function == function::write_registers)
      write(frame, request, true);
    return;
  }
  if (frame.unit > unit_max && frame.unit != unit_of_tcp) return;
  if (wrong == Exception::none && is_write(request)) return write(frame, request, false);
  const std::size_t begin = wire::begin_frame(frame.transaction, frame.unit, out_);
  const Exception no = wrong != Exception::none ? wrong : requests_.read(request, out_);
  if (no != Exception::none) wire::append_exception(frame.pdu[0], no, out_);
  wire::end_frame(begin, out_);
}

void Session::write(const wire::Frame& frame, const Request& request, bool broadcast) {
  Requests::Plan plan = requests_.plan_write(request);
  if (plan.silent) return;
  transaction_ = frame.transaction;
  unit_ = frame.unit;
  writing_ = request;
  if (request.function == function::write_register) {
    std::copy_n(request.data.begin(), written_.size(), written_.begin());
    writing_.data = written_;
  }
  if (!broadcast && plan.commands.empty()) return reply(writing_, plan.exception);
  auto change = std::make_shared<Change>();
  change->open = plan.commands.size();
  change->loop = loop_;
  if (!broadcast) {
    change->session = self_;
    busy_ = true;
  }
  for (control::Command& command : plan.commands)
    meter_.change(requests_.caller(), std::move(command),
                  [change](Result<void> result) { change->done(result); });
}

void Session::reply(const Request& request, Exception exception) {
  const std::size_t begin = wire::begin_frame(transaction_, unit_, out_);
  if (exception != Exception::none) {
    wire::append_exception(request.function, exception, out_);
  } else {
    out_.push_back(request.function);
    wire::append_word(request.first, out_);
    if (request.function == function::write_register)
      out_.insert(out_.end(), request.data.begin(), request.data.end());
    else
      wire::append_word(request.count, out_);
  }
  wire::end_frame(begin, out_);
}

void Session::changed(Exception exception) {
  busy_ = false;
  reply(writing_, exception);
  connection_.send(out_);
  out_.clear();
  connection_.resume();
}

}  // namespace polyphase::protocols::modbus
