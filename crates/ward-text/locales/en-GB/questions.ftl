### The questions of the diaries that everybody has from the start: `question-` and the question's id, `-help`, and for
### a choice `-` and the option's id. A translation is shown only where the English beside it is what the questionnaire asks.

questionnaire-title = How are you today?

question-oxygen = What is your oxygen level?
question-oxygen-help = Rest for 5 minutes, warm your hand, take off nail varnish, hold still for a minute. Write down the highest number that stays for 5 seconds.
question-pulse = What is your pulse?
question-pulse-help = The other number on the oximeter, often beside a heart.
question-temperature = What is your temperature?
question-temperature-help = Only if you have a thermometer.
question-breaths = How many breaths do you take in a minute?
question-breaths-help = Only if somebody can count them for you.
question-full_sentences = Can you speak in full sentences without stopping for breath?
question-seriously_unwell = Do you feel seriously unwell, as if something is very wrong?
question-blue_lips = Are your lips or face blue, grey or very pale?
question-blue_lips-help = On brown or black skin, look at the lips, tongue and gums, the palms and the soles.
question-new_confusion = Are you newly confused, very drowsy or hard to wake?
question-chest_pain = Do you have pain, pressure or tightness in your chest?
question-breathing = How is your breathing, compared with yesterday?
question-breathing-better = Better
question-breathing-same = The same
question-breathing-worse = Worse
question-feeling = How do you feel overall, compared with yesterday?
question-feeling-better = Better
question-feeling-same = The same
question-feeling-worse = Worse
question-fall = Have you had a fall since yesterday?
question-eating = Have you been able to eat and drink?
question-managing = Are you managing at home: washing, dressing, getting about?
question-managing-as_usual = As usual
question-managing-with_help = With more help than usual
question-managing-not = Not managing
question-mood = How are your spirits?
question-mood-good = Good
question-mood-up_and_down = Up and down
question-mood-low = Low or worried most of the time
question-alone = Do you feel alone, with nobody to turn to?
question-call_me = Would you like us to call you?
question-words = Is there anything else you want to tell us?
question-words-help = Other symptoms, medicines, worries.
question-yes = Yes
question-no = No

## What stands behind a number.
unit-percent = %
unit-beats = beats a minute
unit-celsius = °C
unit-breaths = breaths a minute
