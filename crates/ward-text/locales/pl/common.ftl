### Draft translation of en-GB/common.ftl. See approval.toml.

common-weekday = { $weekday ->
    [1] poniedziałek
    [2] wtorek
    [3] środa
    [4] czwartek
    [5] piątek
    [6] sobota
   *[7] niedziela
}
common-month = { $month ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
}
common-date = { common-weekday } { $day } { common-month }
common-today = dziś o { $time }
common-tomorrow = jutro o { $time }
common-later = { common-date }, godz. { $time }
common-range = { $from }–{ $to }

common-draft-title = To tłumaczenie nie zostało jeszcze sprawdzone
common-draft = Nie sprawdziliśmy jeszcze tego tłumaczenia. Jeśli coś jest niejasne, przeczytaj tekst angielski lub zadzwoń do nas pod { $phone }.
common-draft-short = To tłumaczenie nie zostało jeszcze sprawdzone. Tekst angielski jest poniżej.
