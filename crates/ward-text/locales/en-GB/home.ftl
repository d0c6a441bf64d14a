# What patients and carers read on their own pages, in English. Ids begin with the page they stand on.
#
# Reading age 9 to 11: sentences of 20 words at most, numerals, no "please" and no "sorry". { $phone } is the ward's
# phone, { $person } the patient by name, { $carer } the carer, times are the ward's own.

home-ward-phone = Ring the ward on { $phone }

## The frame of every page

home-app-name = My readings
home-skip = Skip to main content
home-ring-ward = Ring { $phone }
home-for = For { $person }
home-from-carer = Entered by { $carer }
home-change-person = Change person
home-menu = Menu
home-menu-start = Start
home-menu-seen = What the ward has seen
home-menu-how = How to take a reading
home-menu-language = Language
home-menu-leave = Sign out of this device
home-call-me = Ask us to call you
home-emergency = In an emergency call 999. For help at any hour call 111.
home-back = Back
home-problem = There is a problem
home-error = Error:

## When somebody looks

home-hours-title = When we look at readings
home-hours-every-day = Every day, { $from } to { $until }
home-hours-always = Every day, at all hours
home-hours-days = { $days }, { $from } to { $until }
home-hours-all-day = { $days }, all day
home-hours-never = Nobody looks at readings at set hours.
home-midnight = midnight
home-open = We look at readings now, until { $until }.
home-open-always = We look at readings now.
home-closed = Nobody is looking at readings now. We look again from { $when }. Until then call 111. In an emergency call 999.
home-closed-always = Nobody is looking at readings now. For help call 111. In an emergency call 999.

## The first page

home-start-title = How are you today?
home-start-title-carer = How is { $person } today?
home-start-999-title = Call 999 now if you
home-start-999-title-carer = Call 999 now if they
home-start-999-sentences = cannot finish a sentence
home-start-999-chest = have chest pain
home-start-999-lips = have blue or grey lips
home-start-999-confused = are newly confused or hard to wake
home-start-999-unwell = feel seriously unwell
home-start-reading = Take a reading
home-start-reading-due = It is time for your { $time } reading.
home-start-reading-next = Your next reading is at { $when }.
home-start-reading-done = We have your { $time } reading. You can send another at any time.
home-start-reading-any = You can send a reading at any time.
home-start-diary = Answer today’s questions
home-start-diary-due = It is time for your questions.
home-start-diary-next = Your next questions are at { $when }.
home-start-diary-done = We have your answers. You can answer again if something changes.
home-start-asked = We have a question about your numbers
home-start-asked-link = Look at the numbers again
home-start-over = Your stay on the virtual ward is over or paused. Nobody is watching your readings.
home-start-after = For help ring your GP or 111. In an emergency call 999.

home-calls-title = When we call you
home-calls-at = We will ring you at { $when }.
home-calls-visit = Somebody from the ward will visit you at { $when }.
home-calls-today = We will ring you today.
home-calls-tomorrow = We will ring you tomorrow.
home-calls-on = We will ring you on { $date }.
home-calls-none = No call is planned. Ring us on { $phone } if you need us.
home-calls-by = { $name } will ring you.
home-calls-by-team = A nurse or a call handler from { $ward } will ring you.
home-calls-do-not-wait = Do not wait for our call if you feel worse.

## A reading

home-reading-title = What does the oximeter show?
home-reading-how = How to take a reading
home-reading-picture = An oximeter on a finger. Its screen shows 2 numbers. The number marked %SpO2 is oxygen. The number marked with a heart or PR is pulse.
home-reading-how-1 = Take off nail varnish and false nails.
home-reading-how-2 = Sit down and rest for 5 minutes.
home-reading-how-3 = Warm your hand. Rest it on your chest.
home-reading-how-4 = Put the oximeter on your middle or first finger.
home-reading-how-5 = Keep still for 1 minute.
home-reading-how-6 = Read the highest number that stays for 5 seconds.
home-reading-oxygen = Oxygen
home-reading-oxygen-hint = The number marked %SpO2. For example, 96.
home-reading-pulse = Pulse
home-reading-pulse-hint = The number marked with a heart, PR or bpm. Leave this empty if there is none.
home-reading-send = Send reading
home-reading-send-for = Send reading for { $person }
home-reading-none = I could not get a reading
home-reading-none-hint = That can happen. Tell us, and we will say what to do next.
home-reading-oxygen-missing = Enter the oxygen number, or choose “I could not get a reading”
home-reading-oxygen-not-a-number = Oxygen must be a number, like 96
home-reading-pulse-not-a-number = Pulse must be a number, like 78, or empty
home-reading-cannot-be = An oximeter does not show these numbers. Look at it again, and type what it shows now
home-reading-again = You sent a reading from this page before. Check the numbers, then send again
home-reading-time = The time on this device looks wrong. Check its date and time, then send again

## What to do now

home-result-reading = We have your reading
home-result-none = We know that you could not get a reading
home-result-diary = We have your answers
home-result-what = What you sent
home-result-oxygen = Oxygen
home-result-pulse = Pulse
home-result-no-pulse = Not given
home-result-received = Received { $time }
home-result-seen = seen { $time }
home-result-not-seen = not seen yet
home-result-none-title = Try again in a little while
home-result-none-1 = Warm your hands under warm water, then dry them.
home-result-none-2 = Try another finger. Sit still for 1 minute.
home-result-none-3 = If the oximeter shows nothing after 3 tries, ring us on { $phone }.
home-result-none-4 = If you feel much worse, do not try again. Call 999.
home-result-none-again = Try again
home-result-unanswered = You left out some questions about how you feel.
home-result-unanswered-link = Answer them now
home-result-go-on = Go on: answer today’s questions
home-result-done = Back to start
home-result-next-person = Choose the next person

home-card-emergency = Emergency:
home-card-urgent = Urgent:
home-card-non-urgent = Advice:
home-ring-999 = Call 999
home-ring-111 = Call 111
home-called-999 = I have called 999
home-measure-again = Measure again now

## A question about odd numbers

home-odd-title = Are these numbers right?
home-odd-typed = You typed oxygen { $oxygen } and pulse { $pulse }.
home-odd-typed-alone = You typed oxygen { $oxygen }.
home-odd-hint = We have kept them. Look at the oximeter again, then tell us.
home-odd-as-typed = Yes, that is what it shows
home-odd-swapped = I mixed them up. Oxygen is { $oxygen } and pulse is { $pulse }
home-odd-corrected = No. It shows these numbers:
home-odd-send = Send my answer
home-odd-choose = Choose 1 answer

## Questions

home-diary-title = Today’s questions
home-diary-progress = Question { $number } of { $of }
home-diary-yes = Yes
home-diary-no = No
home-diary-next = Next
home-diary-send = Send answers
home-diary-skip = Go on without an answer
home-diary-stop = Stop here and send my answers
home-diary-choose = Choose an answer, or go on without one
home-diary-number = Enter a number from { $least } to { $most }, or go on without an answer
home-diary-text = Use { $longest } letters or fewer
home-diary-none = There are no questions for you today.
home-diary-nothing = Answer 1 question or more, then send
home-unfinished-title = Go on with your questions?
home-unfinished-text = You answered { $count } of { $of } questions at { $time }. Your answers are not sent yet.
home-unfinished-changed = If something has changed since { $time }, start again.
home-unfinished-go-on = Go on
home-unfinished-again = Start again

## Help

home-help-title = Ask us to call you
home-help-text = We will ring you on the number that we have for you.
home-help-faster = It is faster to ring us: { $phone }.
home-help-999-title = Call 999 first in an emergency
home-help-999-text = Call 999 now if somebody cannot finish a sentence or has chest pain. Call 999 too for blue lips, new confusion, or if somebody is very unwell.
home-help-999-bsl = Deaf people can call 999 in British Sign Language (BSL) at 999bsl.co.uk.
home-help-called-title = Have you called 999?
home-help-called-text = Tell the ward, so that we know that help is coming to you.
home-help-asked = You have asked us to call you
home-help-called = You have told us that you called 999

## What the ward has seen

home-seen-title = What the ward has seen
home-seen-text = This is what came in, the newest first. “Seen” means that somebody on the ward has looked.
home-seen-nothing = Nothing has come in yet.
home-seen-reading = Oxygen { $oxygen }
home-seen-reading-pulse = Oxygen { $oxygen }, pulse { $pulse }
home-seen-none = No reading
home-seen-diary = Answers to questions
home-seen-at = Measured { $when }
home-seen-answered-at = Answered { $when }
home-seen-received = Received { $time }
home-seen-seen = seen { $time }
home-seen-not-yet = not seen yet
home-seen-question = We ask about these numbers

## Several people on one device

home-who-title = Who is this for?
home-who-hint = Choose the person. Check the name and the date of birth.
home-who-born = Born { $date }
home-who-add = Add another person
home-who-welcome-title = Readings from home
home-who-welcome-text = Here you send your readings to your virtual ward. You need a code from the ward.
home-who-enter = Enter a code

## Sign-in

home-code-title = What is your code?
home-code-hint = The ward gave it to you. It has 16 letters and numbers, like ABCD-EFGH-JKLM-NPQR.
home-code-next = Next
home-code-missing = Enter the code that the ward gave you
home-code-short = A code has 16 letters and numbers. Check that none is missing
home-birth-title = What is your date of birth?
home-birth-title-carer = If you enter for somebody else, give their date of birth.
home-birth-hint = For example, 9 3 1948
home-birth-day = Day
home-birth-month = Month
home-birth-year = Year
home-birth-go = Sign in
home-birth-missing = Enter the day, the month and the year
home-birth-not-a-date = This is not a date. Check the day, the month and the year
home-birth-wrong = This code does not work with this date of birth, or it was used before. Check both, or ring the ward for a new code
home-birth-too-fast = There were too many tries. Wait 1 minute, then try again
home-other-code = Use another code
home-full = This device has as many people as it can hold. Sign out somebody who has left first

home-leave-title = Sign out of this device?
home-leave-text = You will need a new code from the ward to sign in again.
home-leave-waiting = Readings that wait on this device must be sent first.
home-leave-send = Sign out { $person }

home-language-title = Which language do you read?
home-language-draft = draft
home-language-send = Use this language

## When something does not work

home-error-signed-out-title = You are not signed in on this device
home-error-signed-out-text = Ring the ward and ask for a new code. In an emergency call 999. For help at any hour call 111.
home-error-over-title = Your stay on the virtual ward is over
home-error-not-found-title = We cannot find this page
home-error-not-found-text = Check the address, or go back to the start.
home-error-again-title = This does not work just now
home-error-again-text = Try again in 1 minute. If you are worried, ring the ward or 111. In an emergency call 999.
home-error-start = Go to the start

## Without internet

home-offline-title = You have no internet just now
home-offline-strip = No internet. The ward cannot see what you enter until it comes back. If you are worried, ring { $phone }.
home-offline-strip-no-phone = No internet. If you need help, call 111. In an emergency call 999.
home-offline-text = You can still take readings. They wait on this device and are sent when the internet comes back.
home-offline-kept = Your reading waits on this device. The ward has not seen it yet.
home-offline-kept-answers = Your answers wait on this device. The ward has not seen them yet.
home-offline-kept-help = The ward does not know yet that you want a call. Ring us on { $phone }.
home-waiting-one = 1 reading waiting to send.
home-waiting-many = { $count } readings waiting to send.
home-waiting-ring = The ward has not seen what waits. If you are worried, ring { $phone }.
home-waiting-sent = Everything has been sent.
home-waiting-refused = The ward could not take 1 reading. Ring the ward and tell them the numbers.
home-waiting-signed-out = What you entered is still on this device. It can be sent when you have a new code.
home-waiting-try = Try to send now

home-install-title = Keep this page on your phone
home-install-text = Open the menu of your browser and choose “Add to home screen”. Then you can open it like an app.
