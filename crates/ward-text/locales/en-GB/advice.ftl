### What the person at home is told after a reading, a diary entry or a request for help.
###
### $red, $amberFrom, $amber and $greenFrom are the limits of their own plan in whole percent, $minutes is how soon the
### plan wants a low looked at again, $phone is the ward's phone, $opens is when somebody watches again.
### Each text stands on its own: somebody may read no other. A red text says 999 in its first sentence.

advice-call-999-title = Call 999 now
advice-call-999 = Call 999 now, or have somebody call for you. Say what you have just told us. Do not wait for us to call.

advice-wait-for-ambulance-title = Wait for the ambulance
advice-wait-for-ambulance = You have called 999. That was right. Do what they tell you, unlock the door if you can, and stay by the phone. If nobody has come, or you get worse, call 999 again.

advice-red-value-title = Measure again now. If it is still { $red } or lower, call 999
advice-red-value = Call 999 or go to A&E if your oxygen is still { $red } or lower when you measure again. Measure again now: sit still, warm your hand and wait a minute. Do not wait for us to call.

advice-asked-back-title = Check your numbers
advice-asked-back = The numbers you gave us are unusual. Look at the oximeter again. Tell us if they are right, if oxygen and pulse are swapped, or what they should be. Until then we take them seriously. If you feel very unwell, call 999.

advice-amber-value-title = Measure again within { $minutes } minutes
advice-amber-value = Your oxygen is a little low for you ({ $amberRange }). Measure again within { $minutes } minutes. If it is still { $amber } or lower, ring us on { $phone }, your GP or 111. If it falls to { $red } or lower, or you get much worse, call 999.

advice-worse-title = Ring us, your GP or 111 today
advice-worse = You feel worse than before. Ring us on { $phone }, your GP or 111 today to talk it over. Call 999 if you cannot finish a sentence. Call 999 too for chest pain, blue lips or new confusion.

advice-we-will-call-title = We will ring you
advice-we-will-call = We have your request and will ring you. Do not wait for us if you get worse. Call 999 in an emergency, or 111.

advice-ward-told-title = The ward has been told
advice-ward-told = The ward has been told. Our phone is { $phone }.

advice-nobody-watches-title = Nobody is watching now
advice-nobody-watches = Nobody is watching your readings until { $opens }. If you need help before then, call 111. In an emergency, call 999.
advice-nobody-watches-ever = Nobody is watching your readings at this time. If you need help, call 111. In an emergency, call 999.

advice-stay-not-running-title = Nobody is watching your readings
advice-stay-not-running = Your stay on the virtual ward is paused or over, and nobody is watching your readings. If you need help, ring your GP or 111. In an emergency, call 999. If you are at home and waiting for us, ring { $phone }.

advice-wellbeing-call-title = Somebody will ring to talk
advice-wellbeing-call = Thank you for telling us how you are. Somebody will ring you to talk about it. Samaritans listen at any hour on 116 123.

advice-carry-on-title = Carry on as planned
advice-carry-on = Thank you. Carry on as planned. If you get worse, ring us on { $phone }, or 111. In an emergency, call 999.

advice-guide-title = A number is a guide
advice-guide = A number from a finger is a guide. Oximeters may read too high on brown or black skin. If you feel worse than the number says, go by how you feel.

## Where a text is missing or cannot be filled in, nobody is left without the word that matters.
advice-if-all-else-fails = In an emergency, call 999. For help at any hour, call 111.

## The bands of a plan, as they are printed and explained to a patient. $numbers is the band in words.

bands-numbers-green = { $from } or more
bands-numbers-amber-one = { $to }
bands-numbers-amber-two = { $from } or { $to }
bands-numbers-amber = { $from } to { $to }
bands-numbers-red = { $to } or less
bands-green = Carry on, and measure again at your next time.
bands-amber = Check again within { $minutes } minutes. If it is still { $numbers }, ring the ward on { $phone }, your GP or 111.
bands-red = Check again at once. If it is still { $numbers }, ring 999 or go to A&E straight away. Do not wait for the ward to ring you.
bands-target = Your oxygen should be { $from } to { $to }.
bands-target-usual = This is usual for you. Show this to anybody who measures your oxygen.
bands-guide = A reading from a finger is a guide. It can read too high, more often in darker skin. How you feel counts as much as the number.
