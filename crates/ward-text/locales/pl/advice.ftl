### Draft translation of en-GB/advice.ftl. See approval.toml.

advice-call-999-title = Zadzwoń teraz pod 999
advice-call-999 = Zadzwoń teraz pod 999 albo poproś kogoś, aby zadzwonił. Powiedz to, co właśnie nam podano. Nie czekaj na nasz telefon.

advice-wait-for-ambulance-title = Poczekaj na karetkę
advice-wait-for-ambulance = Wezwano pomoc pod 999. To była dobra decyzja. Rób to, co mówi dyspozytor, otwórz drzwi, jeśli możesz, i zostań przy telefonie. Jeśli nikt nie przyjechał albo czujesz się gorzej, zadzwoń ponownie pod 999.

advice-red-value-title = Zmierz teraz ponownie. Jeśli nadal jest { $red } lub mniej, zadzwoń pod 999
advice-red-value = Zadzwoń pod 999 albo jedź na szpitalny oddział ratunkowy (A&E), jeśli przy ponownym pomiarze tlen nadal wynosi { $red } lub mniej. Zmierz teraz ponownie: siedź spokojnie, ogrzej dłoń i odczekaj minutę. Nie czekaj na nasz telefon.

advice-asked-back-title = Sprawdź swoje liczby
advice-asked-back = Podane liczby są nietypowe. Spójrz jeszcze raz na pulsoksymetr. Powiedz nam, czy są prawidłowe, czy tlen i puls są zamienione, albo jakie powinny być. Do tego czasu traktujemy je poważnie. Jeśli czujesz się bardzo źle, zadzwoń pod 999.

advice-amber-value-title = Zmierz ponownie w ciągu { $minutes ->
    [one] { $minutes } minuty
   *[other] { $minutes } minut
}
advice-amber-value = Twój poziom tlenu jest trochę za niski jak na Ciebie ({ $amberRange }). Zmierz ponownie w ciągu { $minutes ->
    [one] { $minutes } minuty
   *[other] { $minutes } minut
}. Jeśli nadal wynosi { $amber } lub mniej, zadzwoń do nas pod { $phone }, do lekarza rodzinnego (GP) lub pod 111. Jeśli spadnie do { $red } lub niżej albo poczujesz się dużo gorzej, zadzwoń pod 999.

advice-worse-title = Zadzwoń dziś do nas, do GP lub pod 111
advice-worse = Czujesz się gorzej niż wcześniej. Zadzwoń dziś do nas pod { $phone }, do lekarza rodzinnego (GP) lub pod 111, aby o tym porozmawiać. Zadzwoń pod 999, jeśli nie możesz dokończyć zdania. Zadzwoń pod 999 także przy bólu w klatce piersiowej, sinych ustach lub nagłym splątaniu.

advice-we-will-call-title = Zadzwonimy do Ciebie
advice-we-will-call = Mamy Twoją prośbę i zadzwonimy do Ciebie. Jeśli poczujesz się gorzej, nie czekaj na nas. W nagłym wypadku zadzwoń pod 999 albo pod 111.

advice-ward-told-title = Oddział został powiadomiony
advice-ward-told = Oddział został powiadomiony. Nasz telefon to { $phone }.

advice-nobody-watches-title = Nikt teraz nie patrzy na pomiary
advice-nobody-watches = Nikt nie patrzy na Twoje pomiary. Następna obserwacja: { $opens }. Jeśli wcześniej potrzebujesz pomocy, zadzwoń pod 111. W nagłym wypadku zadzwoń pod 999.
advice-nobody-watches-ever = Nikt teraz nie patrzy na Twoje pomiary. Jeśli potrzebujesz pomocy, zadzwoń pod 111. W nagłym wypadku zadzwoń pod 999.

advice-stay-not-running-title = Nikt nie patrzy na Twoje pomiary
advice-stay-not-running = Twój pobyt na wirtualnym oddziale jest wstrzymany lub zakończony i nikt nie patrzy na Twoje pomiary. Jeśli potrzebujesz pomocy, zadzwoń do lekarza rodzinnego (GP) lub pod 111. W nagłym wypadku zadzwoń pod 999. Jeśli jesteś w domu i czekasz na nas, zadzwoń pod { $phone }.

advice-wellbeing-call-title = Ktoś zadzwoni, aby porozmawiać
advice-wellbeing-call = Dziękujemy za informację, jak się czujesz. Ktoś do Ciebie zadzwoni, aby o tym porozmawiać. Samarytanie (Samaritans) rozmawiają o każdej porze pod numerem 116 123.

advice-carry-on-title = Postępuj tak jak dotąd
advice-carry-on = Dziękujemy. Postępuj tak jak dotąd. Jeśli poczujesz się gorzej, zadzwoń do nas pod { $phone } lub pod 111. W nagłym wypadku zadzwoń pod 999.

advice-guide-title = Liczba jest tylko wskazówką
advice-guide = Liczba z palca jest tylko wskazówką. Pulsoksymetry mogą zawyżać wynik na brązowej lub czarnej skórze. Jeśli czujesz się gorzej, niż wskazuje liczba, kieruj się samopoczuciem.

advice-if-all-else-fails = W nagłym wypadku zadzwoń pod 999. Po pomoc o każdej porze zadzwoń pod 111.

bands-numbers-green = { $from } lub więcej
bands-numbers-amber-one = { $to }
bands-numbers-amber-two = { $from } lub { $to }
bands-numbers-amber = od { $from } do { $to }
bands-numbers-red = { $to } lub mniej
bands-green = Postępuj tak jak dotąd i zmierz ponownie o następnej porze.
bands-amber = Sprawdź ponownie w ciągu { $minutes ->
    [one] { $minutes } minuty
   *[other] { $minutes } minut
}. Jeśli nadal jest { $numbers }, zadzwoń na oddział pod { $phone }, do lekarza rodzinnego (GP) lub pod 111.
bands-red = Sprawdź natychmiast ponownie. Jeśli nadal jest { $numbers }, od razu zadzwoń pod 999 albo jedź na szpitalny oddział ratunkowy (A&E). Nie czekaj na telefon z oddziału.
bands-target = Twój poziom tlenu powinien wynosić od { $from } do { $to }.
bands-target-usual = To jest dla Ciebie normalne. Pokaż to każdemu, kto mierzy Twój poziom tlenu.
bands-guide = Pomiar z palca jest tylko wskazówką. Może być zawyżony, częściej przy ciemniejszej skórze. Twoje samopoczucie jest tak samo ważne jak liczba.
