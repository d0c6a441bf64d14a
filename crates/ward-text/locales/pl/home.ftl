# Draft translation of en-GB/home.ftl. See approval.toml.

home-ward-phone = Zadzwoń na oddział: { $phone }

## The frame of every page

home-app-name = Moje pomiary
home-skip = Przejdź do treści
home-ring-ward = Zadzwoń: { $phone }
home-for = Pacjent: { $person }
home-from-carer = Wpisuje: { $carer }
home-change-person = Zmień osobę
home-menu = Menu
home-menu-start = Początek
home-menu-seen = Co zobaczył oddział
home-menu-how = Jak zrobić pomiar
home-menu-language = Język
home-menu-leave = Wyloguj z tego urządzenia
home-call-me = Poproś nas o telefon
home-emergency = W nagłym przypadku dzwoń pod 999. Pomoc o każdej porze: 111.
home-back = Wstecz
home-problem = Jest problem
home-error = Błąd:

## When somebody looks

home-hours-title = Kiedy patrzymy na pomiary
home-hours-every-day = Codziennie, { $from } – { $until }
home-hours-always = Codziennie, przez całą dobę
home-hours-days = { $days }, { $from } – { $until }
home-hours-all-day = { $days }, cały dzień
home-hours-never = Nikt nie patrzy na pomiary o stałych porach.
home-midnight = północ
home-open = Patrzymy teraz na pomiary, do: { $until }.
home-open-always = Patrzymy teraz na pomiary.
home-closed = Teraz nikt nie patrzy na pomiary. Znowu patrzymy od: { $when }. Do tego czasu dzwoń pod 111. W nagłym przypadku dzwoń pod 999.
home-closed-always = Teraz nikt nie patrzy na pomiary. Pomoc: 111. W nagłym przypadku dzwoń pod 999.

## The first page

home-start-title = Jak się dziś czujesz?
home-start-title-carer = Jak się dziś czuje { $person }?
home-start-999-title = Dzwoń teraz pod 999, jeśli
home-start-999-title-carer = Dzwoń teraz pod 999, jeśli u tej osoby
home-start-999-sentences = brakuje tchu, żeby dokończyć zdanie
home-start-999-chest = jest ból w klatce piersiowej
home-start-999-lips = usta są sine lub szare
home-start-999-confused = jest nagłe zdezorientowanie lub trudno o przebudzenie
home-start-999-unwell = samopoczucie jest bardzo złe
home-start-reading = Zrób pomiar
home-start-reading-due = Pora na pomiar z godziny { $time }.
home-start-reading-next = Następny pomiar: { $when }.
home-start-reading-done = Mamy pomiar z godziny { $time }. Możesz wysłać następny w każdej chwili.
home-start-reading-any = Możesz wysłać pomiar w każdej chwili.
home-start-diary = Odpowiedz na dzisiejsze pytania
home-start-diary-due = Pora na pytania.
home-start-diary-next = Następne pytania: { $when }.
home-start-diary-done = Mamy Twoje odpowiedzi. Możesz odpowiedzieć jeszcze raz, jeśli coś się zmieni.
home-start-asked = Mamy pytanie o Twoje liczby
home-start-asked-link = Sprawdź liczby jeszcze raz
home-start-over = Twój pobyt na oddziale wirtualnym jest zakończony lub wstrzymany. Nikt nie patrzy na Twoje pomiary.
home-start-after = Po pomoc dzwoń do lekarza rodzinnego lub pod 111. W nagłym przypadku dzwoń pod 999.

home-calls-title = Kiedy do Ciebie zadzwonimy
home-calls-at = Zadzwonimy: { $when }.
home-calls-visit = Ktoś z oddziału przyjdzie do Ciebie: { $when }.
home-calls-today = Zadzwonimy dzisiaj.
home-calls-tomorrow = Zadzwonimy jutro.
home-calls-on = Zadzwonimy: { $date }.
home-calls-none = Nie planujemy rozmowy. Jeśli nas potrzebujesz, zadzwoń: { $phone }.
home-calls-by = Zadzwoni { $name }.
home-calls-by-team = Zadzwoni pielęgniarka lub konsultant z { $ward }.
home-calls-do-not-wait = Jeśli czujesz się gorzej, nie czekaj na nasz telefon.

## A reading

home-reading-title = Co pokazuje pulsoksymetr?
home-reading-how = Jak zrobić pomiar
home-reading-picture = Pulsoksymetr na palcu. Na ekranie są 2 liczby. Liczba przy %SpO2 to tlen. Liczba przy sercu lub PR to tętno.
home-reading-how-1 = Zmyj lakier i zdejmij sztuczne paznokcie.
home-reading-how-2 = Usiądź i odpocznij 5 minut.
home-reading-how-3 = Ogrzej dłoń. Połóż ją na piersi.
home-reading-how-4 = Załóż pulsoksymetr na palec środkowy lub wskazujący.
home-reading-how-5 = Nie ruszaj się przez 1 minutę.
home-reading-how-6 = Odczytaj najwyższą liczbę, która utrzyma się 5 sekund.
home-reading-oxygen = Tlen
home-reading-oxygen-hint = Liczba przy %SpO2. Na przykład 96.
home-reading-pulse = Tętno
home-reading-pulse-hint = Liczba przy sercu, PR lub bpm. Zostaw puste, jeśli jej nie ma.
home-reading-send = Wyślij pomiar
home-reading-send-for = Wyślij pomiar: { $person }
home-reading-none = Nie udało się zrobić pomiaru
home-reading-none-hint = To się zdarza. Powiedz nam, a powiemy, co dalej.
home-reading-oxygen-missing = Wpisz liczbę tlenu albo wybierz „Nie udało się zrobić pomiaru”
home-reading-oxygen-not-a-number = Tlen musi być liczbą, na przykład 96
home-reading-pulse-not-a-number = Tętno musi być liczbą, na przykład 78, albo puste
home-reading-cannot-be = Pulsoksymetr nie pokazuje takich liczb. Spójrz na niego jeszcze raz i wpisz, co teraz pokazuje
home-reading-again = Z tej strony wysłano już pomiar. Sprawdź liczby i wyślij jeszcze raz
home-reading-time = Godzina na tym urządzeniu wygląda na złą. Sprawdź datę i godzinę, potem wyślij jeszcze raz

## What to do now

home-result-reading = Mamy Twój pomiar
home-result-none = Wiemy, że pomiar się nie udał
home-result-diary = Mamy Twoje odpowiedzi
home-result-what = Co zostało wysłane
home-result-oxygen = Tlen
home-result-pulse = Tętno
home-result-no-pulse = Nie podano
home-result-received = Odebrano { $time }
home-result-seen = zobaczono { $time }
home-result-not-seen = jeszcze nie zobaczono
home-result-none-title = Spróbuj jeszcze raz za chwilę
home-result-none-1 = Ogrzej dłonie ciepłą wodą i wytrzyj je.
home-result-none-2 = Spróbuj na innym palcu. Siedź bez ruchu przez 1 minutę.
home-result-none-3 = Jeśli po 3 próbach pulsoksymetr nic nie pokazuje, zadzwoń do nas: { $phone }.
home-result-none-4 = Jeśli czujesz się dużo gorzej, nie próbuj dalej. Dzwoń pod 999.
home-result-none-again = Spróbuj jeszcze raz
home-result-unanswered = Brakuje odpowiedzi na niektóre pytania o samopoczucie.
home-result-unanswered-link = Odpowiedz teraz
home-result-go-on = Dalej: odpowiedz na dzisiejsze pytania
home-result-done = Wróć na początek
home-result-next-person = Wybierz następną osobę
home-card-emergency = Nagły przypadek:
home-card-urgent = Pilne:
home-card-non-urgent = Rada:
home-ring-999 = Dzwoń pod 999
home-ring-111 = Dzwoń pod 111
home-called-999 = Zadzwoniłem lub zadzwoniłam pod 999
home-measure-again = Zmierz teraz jeszcze raz

## A question about odd numbers

home-odd-title = Czy te liczby są prawidłowe?
home-odd-typed = Wpisano tlen { $oxygen } i tętno { $pulse }.
home-odd-typed-alone = Wpisano tlen { $oxygen }.
home-odd-hint = Zachowaliśmy je. Spójrz jeszcze raz na pulsoksymetr i powiedz nam.
home-odd-as-typed = Tak, to właśnie pokazuje
home-odd-swapped = Pomyłka w kolejności. Tlen to { $oxygen }, a tętno to { $pulse }
home-odd-corrected = Nie. Pokazuje takie liczby:
home-odd-send = Wyślij odpowiedź
home-odd-choose = Wybierz 1 odpowiedź

## Questions

home-diary-title = Dzisiejsze pytania
home-diary-progress = Pytanie { $number } z { $of }
home-diary-yes = Tak
home-diary-no = Nie
home-diary-next = Dalej
home-diary-send = Wyślij odpowiedzi
home-diary-skip = Dalej bez odpowiedzi
home-diary-stop = Zakończ i wyślij moje odpowiedzi
home-diary-choose = Wybierz odpowiedź albo przejdź dalej bez niej
home-diary-number = Wpisz liczbę od { $least } do { $most } albo przejdź dalej bez odpowiedzi
home-diary-text = Najwyżej tyle liter: { $longest }
home-diary-none = Na dziś nie ma pytań.
home-diary-nothing = Odpowiedz na co najmniej 1 pytanie, potem wyślij
home-unfinished-title = Czy chcesz odpowiadać dalej?
home-unfinished-text = O { $time } udzielono odpowiedzi na pytania: { $count } z { $of }. Odpowiedzi nie zostały jeszcze wysłane.
home-unfinished-changed = Jeśli coś się zmieniło od { $time }, zacznij od nowa.
home-unfinished-go-on = Dalej od tego miejsca
home-unfinished-again = Zacznij od nowa

## Help

home-help-title = Poproś nas o telefon
home-help-text = Zadzwonimy na numer, który mamy zapisany.
home-help-faster = Szybciej będzie, jeśli zadzwonisz: { $phone }.
home-help-999-title = W nagłym przypadku najpierw dzwoń pod 999
home-help-999-text = Dzwoń teraz pod 999, jeśli ktoś nie może dokończyć zdania lub ma ból w klatce piersiowej. Dzwoń pod 999 także przy sinych ustach, nagłym zdezorientowaniu lub bardzo złym samopoczuciu.
home-help-999-bsl = Osoby niesłyszące mogą wezwać 999 w brytyjskim języku migowym (BSL): 999bsl.co.uk.
home-help-called-title = Czy zadzwoniono pod 999?
home-help-called-text = Powiedz oddziałowi, żebyśmy wiedzieli, że pomoc jest w drodze.
home-help-asked = Poproszono nas o telefon
home-help-called = Wiemy, że zadzwoniono pod 999

## What the ward has seen

home-seen-title = Co zobaczył oddział
home-seen-text = To do nas dotarło, od najnowszych. „Zobaczono” znaczy, że ktoś na oddziale to obejrzał.
home-seen-nothing = Jeszcze nic nie dotarło.
home-seen-reading = Tlen { $oxygen }
home-seen-reading-pulse = Tlen { $oxygen }, tętno { $pulse }
home-seen-none = Brak pomiaru
home-seen-diary = Odpowiedzi na pytania
home-seen-at = Pomiar: { $when }
home-seen-answered-at = Odpowiedzi: { $when }
home-seen-received = Odebrano { $time }
home-seen-seen = zobaczono { $time }
home-seen-not-yet = jeszcze nie zobaczono
home-seen-question = Pytamy o te liczby

## Several people on one device

home-who-title = Dla kogo to jest?
home-who-hint = Wybierz osobę. Sprawdź nazwisko i datę urodzenia.
home-who-born = Data urodzenia: { $date }
home-who-add = Dodaj następną osobę
home-who-welcome-title = Pomiary z domu
home-who-welcome-text = Tutaj wysyłasz pomiary na swój oddział wirtualny. Potrzebny jest kod z oddziału.
home-who-enter = Wpisz kod

## Sign-in

home-code-title = Jaki masz kod?
home-code-hint = Kod daje oddział. Ma 16 liter i cyfr, na przykład ABCD-EFGH-JKLM-NPQR.
home-code-next = Dalej
home-code-missing = Wpisz kod z oddziału
home-code-short = Kod ma 16 liter i cyfr. Sprawdź, czy żadnej nie brakuje
home-birth-title = Jaka jest Twoja data urodzenia?
home-birth-title-carer = Jeśli wpisujesz za kogoś, podaj datę urodzenia tej osoby.
home-birth-hint = Na przykład 9 3 1948
home-birth-day = Dzień
home-birth-month = Miesiąc
home-birth-year = Rok
home-birth-go = Zaloguj się
home-birth-missing = Wpisz dzień, miesiąc i rok
home-birth-not-a-date = To nie jest data. Sprawdź dzień, miesiąc i rok
home-birth-wrong = Ten kod nie pasuje do tej daty urodzenia albo był już użyty. Sprawdź jedno i drugie albo zadzwoń na oddział po nowy kod
home-birth-too-fast = Za dużo prób. Poczekaj 1 minutę i spróbuj jeszcze raz
home-other-code = Użyj innego kodu
home-full = To urządzenie nie pomieści więcej osób. Najpierw wyloguj kogoś, kto już odszedł

home-leave-title = Wylogować z tego urządzenia?
home-leave-text = Aby zalogować się znowu, potrzebny będzie nowy kod z oddziału.
home-leave-waiting = Najpierw trzeba wysłać pomiary, które czekają na tym urządzeniu.
home-leave-send = Wyloguj: { $person }

home-language-title = W jakim języku czytasz?
home-language-draft = wersja robocza
home-language-send = Użyj tego języka

## When something does not work

home-error-signed-out-title = Nie jesteś zalogowany na tym urządzeniu
home-error-signed-out-text = Zadzwoń na oddział i poproś o nowy kod. W nagłym przypadku dzwoń pod 999. Pomoc o każdej porze: 111.
home-error-over-title = Twój pobyt na oddziale wirtualnym się zakończył
home-error-not-found-title = Nie możemy znaleźć tej strony
home-error-not-found-text = Sprawdź adres albo wróć na początek.
home-error-again-title = Teraz to nie działa
home-error-again-text = Spróbuj jeszcze raz za 1 minutę. Jeśli się martwisz, zadzwoń na oddział lub pod 111. W nagłym przypadku dzwoń pod 999.
home-error-start = Przejdź na początek

## Without internet

home-offline-title = Teraz nie masz internetu
home-offline-strip = Brak internetu. Oddział nie zobaczy, co wpiszesz, dopóki internet nie wróci. Jeśli się martwisz, zadzwoń: { $phone }.
home-offline-strip-no-phone = Brak internetu. Jeśli potrzebujesz pomocy, dzwoń pod 111. W nagłym przypadku dzwoń pod 999.
home-offline-text = Nadal możesz robić pomiary. Czekają na tym urządzeniu i zostaną wysłane, gdy internet wróci.
home-offline-kept = Twój pomiar czeka na tym urządzeniu. Oddział jeszcze go nie widział.
home-offline-kept-answers = Twoje odpowiedzi czekają na tym urządzeniu. Oddział jeszcze ich nie widział.
home-offline-kept-help = Oddział jeszcze nie wie, że prosisz o telefon. Zadzwoń do nas: { $phone }.
home-waiting-one = 1 pomiar czeka na wysłanie.
home-waiting-many = Pomiary, które czekają na wysłanie: { $count }.
home-waiting-ring = Oddział nie widział tego, co czeka. Jeśli się martwisz, zadzwoń: { $phone }.
home-waiting-sent = Wszystko zostało wysłane.
home-waiting-refused = Oddział nie mógł przyjąć 1 pomiaru. Zadzwoń na oddział i podaj liczby.
home-waiting-signed-out = To, co wpisano, jest nadal na tym urządzeniu. Można to wysłać, gdy będzie nowy kod.
home-waiting-try = Spróbuj wysłać teraz

home-install-title = Miej tę stronę w telefonie
home-install-text = Otwórz menu przeglądarki i wybierz „Dodaj do ekranu głównego”. Wtedy otworzysz ją jak aplikację.
