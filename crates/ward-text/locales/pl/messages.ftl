### Draft translation of en-GB/messages.ftl. See approval.toml.

message-call-999 = Zadzwoń teraz pod 999, jeśli nie możesz dokończyć zdania lub czujesz się bardzo źle. Zadzwoń pod 999 także przy bólu w klatce piersiowej, sinych ustach lub nagłym splątaniu.

message-recheck-red = { message-call-999 } Twój pomiar tlenu: { $spo2 }%. Odpocznij, ogrzej dłoń i zmierz teraz ponownie. Jeśli znów jest { $red }% lub mniej, zadzwoń pod 999 albo jedź na oddział ratunkowy (A&E). { $ward }: { $phone }
message-recheck-amber = Twój pomiar tlenu: { $spo2 }%. Odpocznij, ogrzej dłoń i zmierz ponownie w ciągu { $minutes ->
    [one] { $minutes } minuty
   *[other] { $minutes } minut
}. Jeśli nadal jest { $amber }%, zadzwoń do nas pod { $phone }, do lekarza rodzinnego (GP) lub pod 111. Jeśli jest { $red }% lub mniej, zadzwoń pod 999 albo jedź na oddział ratunkowy (A&E). Jeśli czujesz się bardzo źle, nie czekaj: zadzwoń pod 999. { $ward }
message-recheck-amber-unstaffed = Twój pomiar tlenu: { $spo2 }%. Odpocznij, ogrzej dłoń i zmierz ponownie w ciągu { $minutes ->
    [one] { $minutes } minuty
   *[other] { $minutes } minut
}. Jeśli nadal jest { $amber }%, zadzwoń pod 111. Jeśli jest { $red }% lub mniej, zadzwoń pod 999 albo jedź na oddział ratunkowy (A&E). Jeśli czujesz się bardzo źle, nie czekaj: zadzwoń pod 999. { $ward }
message-reading-reminder = Pora zmierzyć poziom tlenu. Najpierw usiądź i odpocznij 5 minut, z ciepłą dłonią. { $ward }: { $phone }
message-diary-reminder = Pora wypełnić dzienniczek. { $ward }: { $phone }
message-both-reminder = Pora zmierzyć poziom tlenu i wypełnić dzienniczek. Najpierw usiądź i odpocznij 5 minut, z ciepłą dłonią. { $ward }: { $phone }
message-call-announced = Zadzwonimy do Ciebie: { $when }. Jeśli wcześniej poczujesz się gorzej, nie czekaj na nas: zadzwoń pod { $phone } lub pod 111. { message-call-999 } { $ward }
message-out-of-hours-advice = { message-call-999 } W każdej innej niepokojącej sprawie zadzwoń pod 111. { $ward }
message-kit-reminder = Termin zwrotu pulsoksymetru i reszty zestawu: { $date }. Aby umówić odbiór, zadzwoń: { $ward }, { $phone }

message-nobody-watches = Nikt teraz nie patrzy na Twoje pomiary. Jeśli coś Cię niepokoi, zadzwoń pod 111. W nagłym wypadku zadzwoń pod 999.
message-nobody-watches-until = Nikt nie patrzy teraz na Twoje pomiary. Następna obserwacja: { $when }. Jeśli coś Cię niepokoi, zadzwoń pod 111. W nagłym wypadku zadzwoń pod 999.
