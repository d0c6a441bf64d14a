### Draft translation of en-GB/questions.ftl. See approval.toml.

questionnaire-title = Jak się dziś czujesz?

question-oxygen = Jaki jest Twój poziom tlenu?
question-oxygen-help = Odpocznij 5 minut, ogrzej dłoń, zmyj lakier z paznokci, trzymaj dłoń nieruchomo przez minutę. Zapisz najwyższą liczbę, która utrzymuje się przez 5 sekund.
question-pulse = Jaki jest Twój puls?
question-pulse-help = Druga liczba na pulsoksymetrze, często obok serca.
question-temperature = Jaką masz temperaturę?
question-temperature-help = Tylko jeśli masz termometr.
question-breaths = Ile oddechów robisz w ciągu minuty?
question-breaths-help = Tylko jeśli ktoś może je za Ciebie policzyć.
question-full_sentences = Czy możesz mówić pełnymi zdaniami bez zatrzymywania się, żeby złapać oddech?
question-seriously_unwell = Czy czujesz się bardzo źle, tak jakby działo się coś bardzo niedobrego?
question-blue_lips = Czy Twoje usta lub twarz są sine, szare lub bardzo blade?
question-blue_lips-help = Przy brązowej lub czarnej skórze spójrz na usta, język i dziąsła, wnętrze dłoni i podeszwy stóp.
question-new_confusion = Czy od niedawna masz zamęt w głowie, jesteś bardzo senny/senna lub trudno Cię obudzić?
question-chest_pain = Czy masz ból, ucisk lub ściskanie w klatce piersiowej?
question-breathing = Jak Ci się oddycha w porównaniu z wczoraj?
question-breathing-better = Lepiej
question-breathing-same = Tak samo
question-breathing-worse = Gorzej
question-feeling = Jak ogólnie się czujesz w porównaniu z wczoraj?
question-feeling-better = Lepiej
question-feeling-same = Tak samo
question-feeling-worse = Gorzej
question-fall = Czy od wczoraj zdarzył Ci się upadek?
question-eating = Czy możesz jeść i pić?
question-managing = Czy radzisz sobie w domu: z myciem, ubieraniem, poruszaniem się?
question-managing-as_usual = Tak jak zwykle
question-managing-with_help = Z większą pomocą niż zwykle
question-managing-not = Nie radzę sobie
question-mood = W jakim jesteś nastroju?
question-mood-good = Dobrym
question-mood-up_and_down = Zmiennym
question-mood-low = Złym lub przez większość czasu się martwię
question-alone = Czy czujesz się samotnie i nie masz do kogo się zwrócić?
question-call_me = Czy chcesz, żebyśmy do Ciebie zadzwonili?
question-words = Czy chcesz nam powiedzieć coś jeszcze?
question-words-help = Inne objawy, leki, zmartwienia.
question-yes = Tak
question-no = Nie

unit-percent = %
unit-beats = uderzeń na minutę
unit-celsius = °C
unit-breaths = oddechów na minutę
