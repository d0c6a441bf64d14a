### Days and times, as every text says them. $time is a time of the ward's day, 14:00.

common-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
common-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
common-date = { common-weekday } { $day } { common-month }
common-today = { $time } today
common-tomorrow = { $time } tomorrow
common-later = { $time } on { common-date }
common-range = { $from } to { $to }

## A text in a language whose translation nobody has approved yet says so, and the English stands beside it.

common-draft-title = This translation is not checked yet
common-draft = We have not checked this translation yet. If it is unclear, read the English or ring us on { $phone }.
common-draft-short = This translation is not checked yet. The English is below.
