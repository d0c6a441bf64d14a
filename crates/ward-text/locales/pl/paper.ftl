### Draft translation of en-GB/paper.ftl. See approval.toml.

paper-title = Twój dzienniczek tlenu
paper-name = Imię i nazwisko
paper-born = Data urodzenia
paper-code = Kod dla oddziału
paper-days = { $from } – { $to }
paper-one-day = { $from }
paper-day = Dzień { $number }
paper-ward-phone = Telefon na oddział
paper-hours = Patrzymy na pomiary: { $hours }.
paper-hours-always = Patrzymy na pomiary o każdej porze.
paper-hours-never = Na tym oddziale nikt nie patrzy na pomiary w stałych godzinach. Po pomoc zadzwoń pod 111, a w nagłym wypadku pod 999.
paper-hours-and = {", "}
paper-hours-one = { $weekdays } { $from }–{ $to }
paper-hours-all-day = { $weekdays } całą dobę
paper-hours-every-day = codziennie
paper-out-of-hours = W innych godzinach nikt nie patrzy. Po pomoc zadzwoń pod 111. W nagłym wypadku zadzwoń pod 999.
paper-nobody-reads = Nikt nie widzi tej kartki, dopóki nam jej nie przeczytasz lub nie oddasz. Nie czekaj, jeśli liczba jest niska.

paper-emergency-title = Zadzwoń teraz pod 999
paper-emergency = Jeśli Ty lub ktoś z Tobą ma którykolwiek z tych objawów, zadzwoń pod 999:
paper-emergency-sentences = nie możesz dokończyć zdania
paper-emergency-unwell = czujesz się bardzo źle
paper-emergency-lips = sine, szare lub bardzo blade usta lub twarz
paper-emergency-confusion = nagłe splątanie lub bardzo trudno obudzić
paper-emergency-chest = ból, ucisk lub ściskanie w klatce piersiowej

paper-bands-title = Co oznacza Twoja liczba
paper-bands-oxygen = Tlen (%)
paper-bands-do = Co robić
paper-band-green = Dobrze
paper-band-amber = Trochę za nisko
paper-band-red = Za nisko

paper-how-title = Jak zrobić pomiar
paper-how-rest = Usiądź i odpocznij 5 minut.
paper-how-hand = Zmyj lakier z paznokci i ogrzej dłoń.
paper-how-finger = Załóż pulsoksymetr na palec środkowy lub wskazujący. Oprzyj dłoń na piersi i trzymaj ją nieruchomo.
paper-how-wait = Odczekaj co najmniej 1 minutę. Zapisz najwyższą liczbę, która utrzymuje się przez 5 sekund.
paper-how-none = Nie ma liczby? Ogrzej dłoń i spróbuj ponownie. Jeśli nadal jej nie ma, postaw kreskę i zadzwoń do nas.
paper-picture = Dłoń z pulsoksymetrem na palcu wskazującym. Pulsoksymetr pokazuje 2 liczby: tlen oraz puls obok serca.

paper-readings-title = Twoje liczby
paper-oxygen = Tlen
paper-pulse = Puls
paper-time-taken = Godzina
paper-questions-title = Raz dziennie
paper-tick = Zaznacz 1 pole na każdy dzień.
paper-write = Co jeszcze chcesz nam powiedzieć
paper-reading-at = O { $time }
paper-extra = Więcej, jeśli poprosimy
