### Draft translation of en-GB/paper.ftl. See approval.toml.

paper-title = آپ کی آکسیجن ڈائری
paper-name = نام
paper-born = تاریخ پیدائش
paper-code = وارڈ کے لیے کوڈ
paper-days = { $from } سے { $to } تک
paper-one-day = { $from }
paper-day = دن { $number }
paper-ward-phone = وارڈ کو فون کریں
paper-hours = ہم پیمائشیں دیکھتے ہیں: { $hours }۔
paper-hours-always = ہم ہر وقت پیمائشیں دیکھتے ہیں۔
paper-hours-never = اس وارڈ میں پیمائشیں مقررہ اوقات میں نہیں دیکھی جاتیں۔ مدد کے لیے 111 پر، اور ہنگامی صورت میں 999 پر کال کریں۔
paper-hours-and = {"، "}
paper-hours-one = { $weekdays } { $from } سے { $to } تک
paper-hours-all-day = { $weekdays } سارا دن
paper-hours-every-day = روزانہ
paper-out-of-hours = دوسرے اوقات میں کوئی نہیں دیکھتا۔ مدد کے لیے 111 پر کال کریں۔ ہنگامی صورت میں 999 پر کال کریں۔
paper-nobody-reads = جب تک آپ یہ کاغذ ہمیں پڑھ کر نہ سنائیں یا ہمیں نہ دیں، اسے کوئی نہیں دیکھتا۔ اگر نمبر کم ہو تو انتظار نہ کریں۔

paper-emergency-title = ابھی 999 پر کال کریں
paper-emergency = اگر آپ کو یا آپ کے ساتھ کسی کو ان میں سے کچھ بھی ہو تو 999 پر کال کریں:
paper-emergency-sentences = آپ جملہ پورا نہیں کر سکتے
paper-emergency-unwell = آپ کی طبیعت بہت خراب ہے
paper-emergency-lips = نیلے، سرمئی یا بہت پیلے ہونٹ یا چہرہ
paper-emergency-confusion = اچانک ذہنی الجھن، یا جگانا بہت مشکل
paper-emergency-chest = سینے میں درد، دباؤ یا جکڑن

paper-bands-title = آپ کے نمبر کا مطلب
paper-bands-oxygen = آکسیجن (%)
paper-bands-do = کیا کریں
paper-band-green = اچھا
paper-band-amber = تھوڑا کم
paper-band-red = بہت کم

paper-how-title = پیمائش کیسے کریں
paper-how-rest = بیٹھ کر 5 منٹ آرام کریں۔
paper-how-hand = نیل پالش اتاریں اور ہاتھ گرم کریں۔
paper-how-finger = آکسی میٹر درمیانی یا شہادت کی انگلی پر لگائیں۔ ہاتھ سینے پر رکھیں اور ساکن رہیں۔
paper-how-wait = کم از کم 1 منٹ انتظار کریں۔ وہ سب سے بڑا نمبر لکھیں جو 5 سیکنڈ تک ٹھہرے۔
paper-how-none = کوئی نمبر نہیں آیا؟ ہاتھ گرم کریں اور دوبارہ کوشش کریں۔ اگر پھر بھی نہ آئے تو لکیر کھینچ دیں اور ہمیں فون کریں۔
paper-picture = ایک ہاتھ جس کی شہادت کی انگلی پر آکسی میٹر ہے۔ آکسی میٹر 2 نمبر دکھاتا ہے: آکسیجن، اور دل کے نشان کے ساتھ نبض۔

paper-readings-title = آپ کے نمبر
paper-oxygen = آکسیجن
paper-pulse = نبض
paper-time-taken = وقت
paper-questions-title = دن میں ایک بار
paper-tick = ہر دن کے لیے 1 خانے پر نشان لگائیں۔
paper-write = کچھ اور جو آپ ہمیں بتانا چاہیں
paper-reading-at = { $time } بجے
paper-extra = مزید، اگر ہم کہیں
