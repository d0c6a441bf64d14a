# Draft translation of en-GB/home.ftl. See approval.toml.

home-ward-phone = وارڈ کو فون کریں: { $phone }

## The frame of every page

home-app-name = میری ریڈنگز
home-skip = اصل مواد پر جائیں
home-ring-ward = فون کریں { $phone }
home-for = { $person } کے لیے
home-from-carer = درج کرنے والے: { $carer }
home-change-person = شخص بدلیں
home-menu = مینو
home-menu-start = شروع
home-menu-seen = وارڈ نے کیا دیکھا
home-menu-how = ریڈنگ کیسے لیں
home-menu-language = زبان
home-menu-leave = اس آلے سے سائن آؤٹ کریں
home-call-me = ہم سے فون کرنے کو کہیں
home-emergency = ہنگامی صورت میں 999 پر فون کریں۔ کسی بھی وقت مدد کے لیے 111 پر فون کریں۔
home-back = واپس
home-problem = ایک مسئلہ ہے
home-error = غلطی:

## When somebody looks

home-hours-title = ہم ریڈنگز کب دیکھتے ہیں
home-hours-every-day = ہر روز، { $from } سے { $until } تک
home-hours-always = ہر روز، ہر وقت
home-hours-days = { $days }، { $from } سے { $until } تک
home-hours-all-day = { $days }، پورا دن
home-hours-never = مقررہ اوقات میں کوئی ریڈنگز نہیں دیکھتا۔
home-midnight = آدھی رات
home-open = ہم ابھی ریڈنگز دیکھ رہے ہیں، { $until } تک۔
home-open-always = ہم ابھی ریڈنگز دیکھ رہے ہیں۔
home-closed = ابھی کوئی ریڈنگز نہیں دیکھ رہا۔ ہم دوبارہ { $when } سے دیکھیں گے۔ تب تک 111 پر فون کریں۔ ہنگامی صورت میں 999 پر فون کریں۔
home-closed-always = ابھی کوئی ریڈنگز نہیں دیکھ رہا۔ مدد کے لیے 111 پر فون کریں۔ ہنگامی صورت میں 999 پر فون کریں۔

## The first page

home-start-title = آج آپ کیسے ہیں؟
home-start-title-carer = آج { $person } کیسے ہیں؟
home-start-999-title = فوراً 999 پر فون کریں اگر آپ
home-start-999-title-carer = فوراً 999 پر فون کریں اگر وہ
home-start-999-sentences = ایک جملہ پورا نہ کر سکیں
home-start-999-chest = سینے میں درد محسوس کریں
home-start-999-lips = کے ہونٹ نیلے یا سرمئی ہوں
home-start-999-confused = اچانک الجھن میں ہوں یا جاگنا مشکل ہو
home-start-999-unwell = بہت زیادہ بیمار محسوس کریں
home-start-reading = ریڈنگ لیں
home-start-reading-due = آپ کی { $time } کی ریڈنگ کا وقت ہے۔
home-start-reading-next = آپ کی اگلی ریڈنگ: { $when }۔
home-start-reading-done = ہمیں آپ کی { $time } کی ریڈنگ مل گئی ہے۔ آپ کسی بھی وقت ایک اور بھیج سکتے ہیں۔
home-start-reading-any = آپ کسی بھی وقت ریڈنگ بھیج سکتے ہیں۔
home-start-diary = آج کے سوالوں کے جواب دیں
home-start-diary-due = آپ کے سوالوں کا وقت ہے۔
home-start-diary-next = آپ کے اگلے سوال: { $when }۔
home-start-diary-done = ہمیں آپ کے جواب مل گئے ہیں۔ کچھ بدل جائے تو آپ دوبارہ جواب دے سکتے ہیں۔
home-start-asked = ہمیں آپ کے نمبروں کے بارے میں ایک سوال ہے
home-start-asked-link = نمبر دوبارہ دیکھیں
home-start-over = ورچوئل وارڈ پر آپ کا قیام ختم ہو گیا ہے یا رکا ہوا ہے۔ کوئی آپ کی ریڈنگز نہیں دیکھ رہا۔
home-start-after = مدد کے لیے اپنے GP کو یا 111 پر فون کریں۔ ہنگامی صورت میں 999 پر فون کریں۔

home-calls-title = ہم آپ کو کب فون کریں گے
home-calls-at = ہم آپ کو فون کریں گے: { $when }۔
home-calls-visit = وارڈ سے کوئی آپ کے پاس آئے گا: { $when }۔
home-calls-today = ہم آپ کو آج فون کریں گے۔
home-calls-tomorrow = ہم آپ کو کل فون کریں گے۔
home-calls-on = ہم آپ کو فون کریں گے: { $date }۔
home-calls-none = کوئی فون طے نہیں ہے۔ ضرورت ہو تو ہمیں { $phone } پر فون کریں۔
home-calls-by = { $name } آپ کو فون کریں گے۔
home-calls-by-team = { $ward } سے کوئی نرس یا فون کرنے والا آپ کو فون کرے گا۔
home-calls-do-not-wait = طبیعت زیادہ خراب ہو تو ہمارے فون کا انتظار نہ کریں۔

## A reading

home-reading-title = آکسی میٹر کیا دکھا رہا ہے؟
home-reading-how = ریڈنگ کیسے لیں
home-reading-picture = انگلی پر آکسی میٹر۔ اس کی سکرین پر 2 نمبر ہیں۔ ⁦%SpO2⁩ والا نمبر آکسیجن ہے۔ دل یا PR والا نمبر نبض ہے۔
home-reading-how-1 = نیل پالش اور نقلی ناخن اتار دیں۔
home-reading-how-2 = بیٹھ جائیں اور 5 منٹ آرام کریں۔
home-reading-how-3 = ہاتھ گرم کریں۔ اسے سینے پر رکھیں۔
home-reading-how-4 = آکسی میٹر درمیانی یا شہادت کی انگلی پر لگائیں۔
home-reading-how-5 = 1 منٹ تک نہ ہلیں۔
home-reading-how-6 = وہ سب سے بڑا نمبر پڑھیں جو 5 سیکنڈ تک رہے۔
home-reading-oxygen = آکسیجن
home-reading-oxygen-hint = ⁦%SpO2⁩ والا نمبر۔ مثال: 96۔
home-reading-pulse = نبض
home-reading-pulse-hint = دل، PR یا bpm والا نمبر۔ نہ ہو تو خالی چھوڑ دیں۔
home-reading-send = ریڈنگ بھیجیں
home-reading-send-for = { $person } کی ریڈنگ بھیجیں
home-reading-none = میں ریڈنگ نہیں لے سکا یا سکی
home-reading-none-hint = ایسا ہو سکتا ہے۔ ہمیں بتائیں، ہم بتائیں گے کہ آگے کیا کرنا ہے۔
home-reading-oxygen-missing = آکسیجن کا نمبر لکھیں، یا ”میں ریڈنگ نہیں لے سکا یا سکی“ چنیں
home-reading-oxygen-not-a-number = آکسیجن ایک نمبر ہونا چاہیے، جیسے 96
home-reading-pulse-not-a-number = نبض ایک نمبر ہونا چاہیے، جیسے 78، یا خالی
home-reading-cannot-be = آکسی میٹر ایسے نمبر نہیں دکھاتا۔ اسے دوبارہ دیکھیں، اور جو اب دکھائے وہ لکھیں
home-reading-again = اس صفحے سے پہلے ایک ریڈنگ بھیجی جا چکی ہے۔ نمبر دیکھ لیں، پھر دوبارہ بھیجیں
home-reading-time = اس آلے کا وقت غلط لگتا ہے۔ تاریخ اور وقت دیکھ لیں، پھر دوبارہ بھیجیں

## What to do now

home-result-reading = ہمیں آپ کی ریڈنگ مل گئی ہے
home-result-none = ہمیں معلوم ہے کہ ریڈنگ نہیں آ سکی
home-result-diary = ہمیں آپ کے جواب مل گئے ہیں
home-result-what = آپ نے کیا بھیجا
home-result-oxygen = آکسیجن
home-result-pulse = نبض
home-result-no-pulse = نہیں دی گئی
home-result-received = موصول ہوئی { $time }
home-result-seen = دیکھی گئی { $time }
home-result-not-seen = ابھی نہیں دیکھی گئی
home-result-none-title = تھوڑی دیر میں دوبارہ کوشش کریں
home-result-none-1 = ہاتھ گرم پانی سے گرم کریں، پھر خشک کریں۔
home-result-none-2 = دوسری انگلی پر کوشش کریں۔ 1 منٹ تک نہ ہلیں۔
home-result-none-3 = 3 کوششوں کے بعد بھی آکسی میٹر کچھ نہ دکھائے تو ہمیں { $phone } پر فون کریں۔
home-result-none-4 = طبیعت بہت خراب ہو تو دوبارہ کوشش نہ کریں۔ 999 پر فون کریں۔
home-result-none-again = دوبارہ کوشش کریں
home-result-unanswered = طبیعت کے بارے میں کچھ سوال رہ گئے ہیں۔
home-result-unanswered-link = ابھی جواب دیں
home-result-go-on = آگے: آج کے سوالوں کے جواب دیں
home-result-done = شروع پر واپس
home-result-next-person = اگلا شخص چنیں
home-card-emergency = ہنگامی:
home-card-urgent = فوری:
home-card-non-urgent = مشورہ:
home-ring-999 = 999 پر فون کریں
home-ring-111 = 111 پر فون کریں
home-called-999 = میں نے 999 پر فون کر دیا ہے
home-measure-again = ابھی دوبارہ ناپیں

## A question about odd numbers

home-odd-title = کیا یہ نمبر ٹھیک ہیں؟
home-odd-typed = آپ نے آکسیجن { $oxygen } اور نبض { $pulse } لکھی ہے۔
home-odd-typed-alone = آپ نے آکسیجن { $oxygen } لکھی ہے۔
home-odd-hint = ہم نے انہیں رکھ لیا ہے۔ آکسی میٹر دوبارہ دیکھیں، پھر ہمیں بتائیں۔
home-odd-as-typed = ہاں، وہ یہی دکھاتا ہے
home-odd-swapped = نمبر بدل گئے تھے۔ آکسیجن { $oxygen } ہے اور نبض { $pulse } ہے
home-odd-corrected = نہیں۔ وہ یہ نمبر دکھاتا ہے:
home-odd-send = میرا جواب بھیجیں
home-odd-choose = 1 جواب چنیں

## Questions

home-diary-title = آج کے سوال
home-diary-progress = سوال { $number } از { $of }
home-diary-yes = ہاں
home-diary-no = نہیں
home-diary-next = آگے
home-diary-send = جواب بھیجیں
home-diary-skip = جواب کے بغیر آگے جائیں
home-diary-stop = یہاں رکیں اور میرے جواب بھیجیں
home-diary-choose = جواب چنیں، یا اس کے بغیر آگے جائیں
home-diary-number = { $least } سے { $most } تک کا نمبر لکھیں، یا جواب کے بغیر آگے جائیں
home-diary-text = زیادہ سے زیادہ { $longest } حروف لکھیں
home-diary-none = آج آپ کے لیے کوئی سوال نہیں ہے۔
home-diary-nothing = کم از کم 1 سوال کا جواب دیں، پھر بھیجیں
home-unfinished-title = کیا باقی سوالوں کے جواب دیں گے؟
home-unfinished-text = آپ نے { $time } بجے { $of } میں سے { $count } سوالوں کے جواب دیے۔ آپ کے جواب ابھی بھیجے نہیں گئے۔
home-unfinished-changed = اگر { $time } بجے کے بعد کچھ بدل گیا ہے تو دوبارہ شروع کریں۔
home-unfinished-go-on = آگے جائیں
home-unfinished-again = دوبارہ شروع کریں

## Help

home-help-title = ہم سے فون کرنے کو کہیں
home-help-text = ہم آپ کو اس نمبر پر فون کریں گے جو ہمارے پاس ہے۔
home-help-faster = خود فون کرنا جلدی ہے: { $phone }۔
home-help-999-title = ہنگامی صورت میں پہلے 999 پر فون کریں
home-help-999-text = فوراً 999 پر فون کریں اگر کوئی جملہ پورا نہ کر سکے یا سینے میں درد ہو۔ نیلے ہونٹ، اچانک الجھن یا بہت خراب طبیعت میں بھی 999 پر فون کریں۔
home-help-999-bsl = جو سن نہیں سکتے وہ برطانوی اشاروں کی زبان (BSL) میں 999 کو فون کر سکتے ہیں: 999bsl.co.uk۔
home-help-called-title = کیا آپ نے 999 پر فون کر دیا ہے؟
home-help-called-text = وارڈ کو بتائیں، تاکہ ہمیں معلوم ہو کہ مدد آ رہی ہے۔
home-help-asked = آپ نے ہم سے فون کرنے کو کہا ہے
home-help-called = آپ نے بتایا ہے کہ 999 پر فون ہو چکا ہے

## What the ward has seen

home-seen-title = وارڈ نے کیا دیکھا
home-seen-text = جو کچھ ہمیں ملا، نیا پہلے۔ ”دیکھی گئی“ کا مطلب ہے کہ وارڈ پر کسی نے دیکھ لیا۔
home-seen-nothing = ابھی کچھ نہیں ملا۔
home-seen-reading = آکسیجن { $oxygen }
home-seen-reading-pulse = آکسیجن { $oxygen }، نبض { $pulse }
home-seen-none = کوئی ریڈنگ نہیں
home-seen-diary = سوالوں کے جواب
home-seen-at = ناپی گئی: { $when }
home-seen-answered-at = جواب دیا گیا: { $when }
home-seen-received = موصول { $time }
home-seen-seen = دیکھی گئی { $time }
home-seen-not-yet = ابھی نہیں دیکھی گئی
home-seen-question = ہم ان نمبروں کے بارے میں پوچھتے ہیں

## Several people on one device

home-who-title = یہ کس کے لیے ہے؟
home-who-hint = شخص چنیں۔ نام اور تاریخ پیدائش دیکھ لیں۔
home-who-born = تاریخ پیدائش { $date }
home-who-add = ایک اور شخص شامل کریں
home-who-welcome-title = گھر سے ریڈنگز
home-who-welcome-text = یہاں آپ اپنی ریڈنگز اپنے ورچوئل وارڈ کو بھیجتے ہیں۔ اس کے لیے وارڈ کا کوڈ چاہیے۔
home-who-enter = کوڈ لکھیں

## Sign-in

home-code-title = آپ کا کوڈ کیا ہے؟
home-code-hint = یہ آپ کو وارڈ نے دیا ہے۔ اس میں 16 حروف اور ہندسے ہیں، جیسے ABCD-EFGH-JKLM-NPQR۔
home-code-next = آگے
home-code-missing = وہ کوڈ لکھیں جو وارڈ نے دیا ہے
home-code-short = کوڈ میں 16 حروف اور ہندسے ہوتے ہیں۔ دیکھ لیں کہ کوئی رہ نہ گیا ہو
home-birth-title = آپ کی تاریخ پیدائش کیا ہے؟
home-birth-title-carer = اگر آپ کسی اور کے لیے لکھ رہے ہیں تو اس کی تاریخ پیدائش دیں۔
home-birth-hint = مثال: 9 3 1948
home-birth-day = دن
home-birth-month = مہینہ
home-birth-year = سال
home-birth-go = سائن ان کریں
home-birth-missing = دن، مہینہ اور سال لکھیں
home-birth-not-a-date = یہ تاریخ نہیں ہے۔ دن، مہینہ اور سال دیکھ لیں
home-birth-wrong = یہ کوڈ اس تاریخ پیدائش کے ساتھ کام نہیں کرتا، یا پہلے استعمال ہو چکا ہے۔ دونوں دیکھ لیں، یا نئے کوڈ کے لیے وارڈ کو فون کریں
home-birth-too-fast = بہت زیادہ کوششیں ہو گئیں۔ 1 منٹ انتظار کریں، پھر دوبارہ کوشش کریں
home-other-code = دوسرا کوڈ استعمال کریں
home-full = اس آلے پر مزید لوگوں کی جگہ نہیں ہے۔ پہلے کسی ایسے شخص کو سائن آؤٹ کریں جو جا چکا ہے

home-leave-title = اس آلے سے سائن آؤٹ کریں؟
home-leave-text = دوبارہ سائن ان کرنے کے لیے وارڈ سے نیا کوڈ چاہیے ہوگا۔
home-leave-waiting = جو ریڈنگز اس آلے پر رکی ہیں وہ پہلے بھیجنی ہوں گی۔
home-leave-send = { $person } کو سائن آؤٹ کریں

home-language-title = آپ کون سی زبان پڑھتے ہیں؟
home-language-draft = مسودہ
home-language-send = یہ زبان استعمال کریں

## When something does not work

home-error-signed-out-title = آپ اس آلے پر سائن ان نہیں ہیں
home-error-signed-out-text = وارڈ کو فون کر کے نیا کوڈ مانگیں۔ ہنگامی صورت میں 999 پر فون کریں۔ کسی بھی وقت مدد کے لیے 111 پر فون کریں۔
home-error-over-title = ورچوئل وارڈ پر آپ کا قیام ختم ہو گیا ہے
home-error-not-found-title = ہمیں یہ صفحہ نہیں مل رہا
home-error-not-found-text = پتہ دیکھ لیں، یا شروع پر واپس جائیں۔
home-error-again-title = یہ ابھی کام نہیں کر رہا
home-error-again-text = 1 منٹ بعد دوبارہ کوشش کریں۔ پریشانی ہو تو وارڈ کو یا 111 پر فون کریں۔ ہنگامی صورت میں 999 پر فون کریں۔
home-error-start = شروع پر جائیں

## Without internet

home-offline-title = ابھی آپ کے پاس انٹرنیٹ نہیں ہے
home-offline-strip = انٹرنیٹ نہیں ہے۔ جب تک یہ واپس نہ آئے وارڈ نہیں دیکھ سکتا کہ آپ کیا لکھتے ہیں۔ پریشانی ہو تو { $phone } پر فون کریں۔
home-offline-strip-no-phone = انٹرنیٹ نہیں ہے۔ مدد چاہیے تو 111 پر فون کریں۔ ہنگامی صورت میں 999 پر فون کریں۔
home-offline-text = آپ اب بھی ریڈنگز لے سکتے ہیں۔ وہ اس آلے پر رکتی ہیں اور انٹرنیٹ آنے پر بھیجی جاتی ہیں۔
home-offline-kept = آپ کی ریڈنگ اس آلے پر رکی ہوئی ہے۔ وارڈ نے اسے ابھی نہیں دیکھا۔
home-offline-kept-answers = آپ کے جواب اس آلے پر رکے ہوئے ہیں۔ وارڈ نے انہیں ابھی نہیں دیکھا۔
home-offline-kept-help = وارڈ کو ابھی معلوم نہیں کہ آپ فون چاہتے ہیں۔ ہمیں { $phone } پر فون کریں۔
home-waiting-one = 1 ریڈنگ بھیجی جانی ہے۔
home-waiting-many = { $count } ریڈنگز بھیجی جانی ہیں۔
home-waiting-ring = جو رکا ہوا ہے وہ وارڈ نے نہیں دیکھا۔ پریشانی ہو تو { $phone } پر فون کریں۔
home-waiting-sent = سب کچھ بھیج دیا گیا ہے۔
home-waiting-refused = وارڈ 1 ریڈنگ نہیں لے سکا۔ وارڈ کو فون کر کے نمبر بتائیں۔
home-waiting-signed-out = جو آپ نے لکھا وہ اب بھی اس آلے پر ہے۔ نیا کوڈ ملنے پر بھیجا جا سکتا ہے۔
home-waiting-try = ابھی بھیجنے کی کوشش کریں

home-install-title = یہ صفحہ اپنے فون پر رکھیں
home-install-text = براؤزر کا مینو کھولیں اور ”Add to home screen“ چنیں۔ پھر یہ ایپ کی طرح کھلے گا۔
