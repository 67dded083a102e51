"""The emoji that apps and people use most, by shortcode; any other stays as it is."""

import re

_TABLE = """
white_check_mark ✅  heavy_check_mark ✔️  ballot_box_with_check ☑️  x ❌
negative_squared_cross_mark ❎  warning ⚠️  rotating_light 🚨  no_entry ⛔  no_entry_sign 🚫
octagonal_sign 🛑  exclamation ❗  question ❓  grey_question ❔  grey_exclamation ❕
information_source ℹ️  bulb 💡  bell 🔔  no_bell 🔕  mega 📣  loudspeaker 📢  hourglass ⌛
hourglass_flowing_sand ⏳  clock1 🕐  alarm_clock ⏰  stopwatch ⏱️  calendar 📆  date 📅
spiral_calendar_pad 🗓️  lock 🔒  unlock 🔓  closed_lock_with_key 🔐  key 🔑  shield 🛡️  link 🔗
paperclip 📎  linked_paperclips 🖇️  pushpin 📌  round_pushpin 📍  memo 📝  pencil 📝  pencil2 ✏️
clipboard 📋  page_facing_up 📄  page_with_curl 📃  bookmark_tabs 📑  file_folder 📁
open_file_folder 📂  card_index_dividers 🗂️  card_file_box 🗃️  file_cabinet 🗄️  wastebasket 🗑️
package 📦  inbox_tray 📥  outbox_tray 📤  mailbox 📫  e-mail 📧  envelope ✉️  email 📧
incoming_envelope 📨  envelope_with_arrow 📩  speech_balloon 💬  left_speech_bubble 🗨️
thought_balloon 💭  ticket 🎫  admission_tickets 🎟️  label 🏷️  computer 💻  desktop_computer 🖥️
printer 🖨️  keyboard ⌨️  computer_mouse 🖱️  iphone 📱  calling 📲  phone ☎️  telephone ☎️
telephone_receiver 📞  tv 📺  camera 📷  video_camera 📹  movie_camera 🎥  headphones 🎧  microphone 🎤
loud_sound 🔊  mute 🔇  satellite_antenna 📡  signal_strength 📶  globe_with_meridians 🌐
earth_africa 🌍  cloud ☁️  floppy_disk 💾  cd 💿  minidisc 💽  battery 🔋  electric_plug 🔌  wrench 🔧
hammer 🔨  hammer_and_wrench 🛠️  nut_and_bolt 🔩  gear ⚙️  toolbox 🧰  mag 🔍  mag_right 🔎
bar_chart 📊  chart_with_upwards_trend 📈  chart_with_downwards_trend 📉  books 📚  book 📖  school 🏫
mortar_board 🎓  office 🏢  classical_building 🏛️  house 🏠  door 🚪  seat 💺  credit_card 💳
arrow_left ⬅️  arrow_right ➡️  arrow_up ⬆️  arrow_down ⬇️  leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️  arrows_counterclockwise 🔄  repeat 🔁  back 🔙  heavy_plus_sign ➕
heavy_minus_sign ➖  fast_forward ⏩  pause_button ⏸️  arrow_forward ▶️  red_circle 🔴
large_orange_circle 🟠  orange_circle 🟠  large_yellow_circle 🟡  yellow_circle 🟡
large_green_circle 🟢  green_circle 🟢  large_blue_circle 🔵  large_purple_circle 🟣  white_circle ⚪
black_circle ⚫  large_brown_circle 🟤  red_square 🟥  large_red_square 🟥  large_orange_square 🟧
large_yellow_square 🟨  large_green_square 🟩  large_blue_square 🟦  small_red_triangle 🔺
small_blue_diamond 🔹  small_orange_diamond 🔸  star ⭐  sparkles ✨  zap ⚡  fire 🔥  boom 💥  tada 🎉
rocket 🚀  trophy 🏆  dart 🎯  heart ❤️  eyes 👀  wave 👋  +1 👍  thumbsup 👍  -1 👎  thumbsdown 👎
ok_hand 👌  clap 👏  raised_hands 🙌  pray 🙏  muscle 💪  point_right 👉  point_left 👈  point_up ☝️
point_down 👇  raising_hand 🙋  raised_hand ✋  handshake 🤝  bust_in_silhouette 👤
busts_in_silhouette 👥  technologist 🧑‍💻  robot_face 🤖  smile 😄  smiley 😃
slightly_smiling_face 🙂  blush 😊  grin 😁  joy 😂  wink 😉  thinking_face 🤔  neutral_face 😐
confused 😕  disappointed 😞  cry 😢  sob 😭  scream 😱  rage 😡  sweat_smile 😅  sunglasses 😎
sleeping 😴  zzz 💤  coffee ☕  one 1️⃣  two 2️⃣  three 3️⃣  four 4️⃣  five 5️⃣  new 🆕  ok 🆗  sos 🆘
id 🆔  100 💯  construction 🚧
"""

_words = _TABLE.split()
SHORTCODES = dict(zip(_words[::2], _words[1::2], strict=True))
# Of several shortcodes of one emoji, Slack's client writes the first one above.
_NAMES = {character: name for name, character in reversed(SHORTCODES.items())}
_TYPED = re.compile("|".join(map(re.escape, sorted(_NAMES, key=len, reverse=True))))


def with_shortcodes(text: str) -> str:
    """The text with `🎉` written as `:tada:`, as Slack's client sends it."""
    return _TYPED.sub(lambda found: f":{_NAMES[found[0]]}:", text)


def codepoints(name: str) -> str | None:
    """The `unicode` of a rich text leaf: "1f389", "26a0-fe0f"; None for an unknown shortcode."""
    character = SHORTCODES.get(name)
    return "-".join(f"{ord(one):x}" for one in character) if character else None
