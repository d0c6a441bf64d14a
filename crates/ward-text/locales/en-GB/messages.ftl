### Text messages. $spo2 and $red are whole percents by the patient's own plan, $amber is what counts as a little low,
### $when is a time of the ward's day, $ward and $phone are the ward's.
### A red text says 999 in its first sentence, and no text says only that somebody will ring.

message-call-999 = Call 999 now if you cannot finish a sentence or feel seriously unwell. Call 999 too for chest pain, blue lips or new confusion.

message-recheck-red = { message-call-999 } Your oxygen reading was { $spo2 }%. Rest, warm your hand and measure again now. If it is { $red }% or less again, call 999 or go to A&E. { $ward }: { $phone }
message-recheck-amber = Your oxygen reading was { $spo2 }%. Rest, warm your hand and measure again within { $minutes } minutes. If it is still { $amber }%, ring us on { $phone }, or ring your GP or 111. If it is { $red }% or less, call 999 or go to A&E. If you feel seriously unwell, do not wait: call 999. { $ward }
message-recheck-amber-unstaffed = Your oxygen reading was { $spo2 }%. Rest, warm your hand and measure again within { $minutes } minutes. If it is still { $amber }%, ring 111. If it is { $red }% or less, call 999 or go to A&E. If you feel seriously unwell, do not wait: call 999. { $ward }
message-reading-reminder = It is time to measure your oxygen. Sit and rest for 5 minutes first, with a warm hand. { $ward }: { $phone }
message-diary-reminder = It is time to fill in your diary. { $ward }: { $phone }
message-both-reminder = It is time to measure your oxygen and fill in your diary. Sit and rest for 5 minutes first, with a warm hand. { $ward }: { $phone }
message-call-announced = We will ring you at { $when }. If you feel worse before then, do not wait for us: ring us on { $phone } or 111. { message-call-999 } { $ward }
message-out-of-hours-advice = { message-call-999 } For anything else that worries you, ring 111. { $ward }
message-kit-reminder = Your oximeter and what came with it are due back on { $date }. To have them collected, ring { $ward }: { $phone }

## After every text to a patient while nobody is on the ward.
message-nobody-watches = Nobody is looking at your readings now. If you are worried, ring 111. In an emergency, call 999.
message-nobody-watches-until = Nobody is looking at your readings until { $when }. If you are worried, ring 111. In an emergency, call 999.
