#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace polyphase::net {

/// Who takes a place of the shared pool. Source: manual, table of ports and connections, note 1.
enum class PoolUser : std::uint8_t { native, modbus, modbus_serial, dnp, dlms };
inline constexpr std::size_t pool_user_count = 5;
inline constexpr unsigned pool_places = 8;
/// Of these, in the order of PoolUser.
inline constexpr std::array<unsigned, pool_user_count> pool_places_of{8, 8, 8, 3, 1};

/// The eight connections that several protocols of one meter share. Any thread.
class SharedConnections : public std::enable_shared_from_this<SharedConnections> {
 public:
  /// A place, given back when it goes.
  class Place {
   public:
    Place(std::shared_ptr<SharedConnections> pool, PoolUser user)
        : pool_(std::move(pool)), user_(user) {}
    Place(Place&&) noexcept = default;
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (pool_) pool_->give_back(user_);
    }

   private:
    std::shared_ptr<SharedConnections> pool_;
    PoolUser user_;
  };

  static std::shared_ptr<SharedConnections> create() {
    return std::shared_ptr<SharedConnections>(new SharedConnections);
  }

  /// Nothing: all places are taken, or all that this protocol may have.
  std::optional<Place> take(PoolUser user) {
    const std::lock_guard lock(mutex_);
    const auto i = static_cast<std::size_t>(user);
    if (taken_ == pool_places || taken_by_[i] == pool_places_of[i]) return std::nullopt;
    ++taken_;
    ++taken_by_[i];
    return Place(shared_from_this(), user);
  }

  unsigned taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  SharedConnections() = default;
  void give_back(PoolUser user) {
    const std::lock_guard lock(mutex_);
    --taken_;
    --taken_by_[static_cast<std::size_t>(user)];
  }

  mutable std::mutex mutex_;
  unsigned taken_ = 0;
  std::array<unsigned, pool_user_count> taken_by_{};
};

}  // namespace polyphase::net
