#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lab/motor_voltage.hpp"
#include "lab/recording_facts.hpp"
#include "registers/sinks.hpp"

namespace polyphase::lab {

/// What the pages of all reports share: one file that needs no other, light, dark and on paper.

/// Everything up to the heading.
std::string page_begin(const std::string& title, const std::string& recording);
std::string page_end();
/// Two columns: what, and which.
std::string facts_table(std::span<const std::pair<std::string, std::string>> facts);
/// In boxes of their own.
std::string warnings_html(std::span<const std::string> warnings);
/// When and how it was recorded.
std::string recording_section(const RecordingFacts& recording);
/// Lines to be filled in on paper: site, author, date, signature.
std::string sign_off();
/// What the line voltages are for motors; empty where there are none.
std::string motor_section(const MotorUnbalance& unbalance);
/// "12.346", "–" where it is not available.
std::string figure(double value, int decimals = 3);
/// "0.110", "open" of an event that is not over.
std::string event_duration(const registers::Disturbance& event);

}  // namespace polyphase::lab
