### The diary on paper: one sheet of what to do, then a sheet for each few days.

paper-title = Your oxygen diary
paper-name = Name
paper-born = Date of birth
paper-code = Code for the ward
paper-days = { $from } to { $to }
paper-one-day = { $from }
paper-day = Day { $number }
paper-ward-phone = Ring the ward
paper-hours = We look at readings { $hours }.
paper-hours-always = We look at readings at every hour.
paper-hours-never = Nobody looks at readings on this ward at set hours. Ring 111 for help, or 999 in an emergency.
paper-hours-and = {", "}
paper-hours-one = { $weekdays } { $from } to { $to }
paper-hours-all-day = { $weekdays } all day
paper-hours-every-day = every day
paper-out-of-hours = At other times nobody looks. Ring 111 for help. In an emergency, call 999.
paper-nobody-reads = Nobody sees this paper until you read it to us, or give it to us. Do not wait if a number is low.

paper-emergency-title = Call 999 now
paper-emergency = If you or somebody with you has any of these, call 999:
paper-emergency-sentences = you cannot finish a sentence
paper-emergency-unwell = you feel seriously unwell
paper-emergency-lips = blue, grey or very pale lips or face
paper-emergency-confusion = new confusion, or very hard to wake
paper-emergency-chest = pain, pressure or tightness in the chest

paper-bands-title = What your number means
paper-bands-oxygen = Oxygen (%)
paper-bands-do = What to do
paper-band-green = Good
paper-band-amber = A little low
paper-band-red = Too low

paper-how-title = How to take a reading
paper-how-rest = Sit and rest for 5 minutes.
paper-how-hand = Take off nail varnish and warm your hand.
paper-how-finger = Put the oximeter on your middle or index finger. Rest your hand on your chest and hold still.
paper-how-wait = Wait at least 1 minute. Write the highest number that stays for 5 seconds.
paper-how-none = No number? Warm your hand and try again. If there is still none, write a line and ring us.
paper-picture = A hand with an oximeter on the index finger. The oximeter shows 2 numbers: oxygen, and pulse beside a heart.

paper-readings-title = Your numbers
paper-oxygen = Oxygen
paper-pulse = Pulse
paper-time-taken = Time
paper-questions-title = Once a day
paper-tick = Tick 1 box for each day.
paper-write = Anything else you want to tell us
paper-reading-at = At { $time }
paper-extra = More, if we ask
