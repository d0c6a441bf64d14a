### Draft translation of en-GB/questions.ftl. See approval.toml.

questionnaire-title = آج آپ کیسے ہیں؟

question-oxygen = آپ کی آکسیجن کی سطح کتنی ہے؟
question-oxygen-help = 5 منٹ آرام کریں، ہاتھ گرم کریں، نیل پالش اتاریں، ایک منٹ تک ہاتھ ساکن رکھیں۔ وہ سب سے بڑا نمبر لکھیں جو 5 سیکنڈ تک ٹھہرے۔
question-pulse = آپ کی نبض کتنی ہے؟
question-pulse-help = آکسی میٹر پر دوسرا نمبر، جو اکثر دل کے نشان کے ساتھ ہوتا ہے۔
question-temperature = آپ کا بخار کتنا ہے (جسم کا درجہ حرارت)؟
question-temperature-help = صرف اگر آپ کے پاس تھرمامیٹر ہو۔
question-breaths = آپ ایک منٹ میں کتنے سانس لیتے ہیں؟
question-breaths-help = صرف اگر کوئی آپ کے لیے گن سکے۔
question-full_sentences = کیا آپ سانس کے لیے رکے بغیر پورے جملے بول سکتے ہیں؟
question-seriously_unwell = کیا آپ کی طبیعت بہت خراب ہے، جیسے کچھ بہت غلط ہو رہا ہو؟
question-blue_lips = کیا آپ کے ہونٹ یا چہرہ نیلے، سرمئی یا بہت پیلے پڑ گئے ہیں؟
question-blue_lips-help = سانولی یا کالی جلد میں ہونٹ، زبان اور مسوڑھے، ہتھیلیاں اور تلوے دیکھیں۔
question-new_confusion = کیا آپ کو حال ہی میں ذہنی الجھن ہوئی ہے، بہت غنودگی ہے یا آپ کو جگانا مشکل ہے؟
question-chest_pain = کیا آپ کے سینے میں درد، دباؤ یا جکڑن ہے؟
question-breathing = کل کے مقابلے میں آپ کی سانس کیسی ہے؟
question-breathing-better = بہتر
question-breathing-same = ویسی ہی
question-breathing-worse = زیادہ خراب
question-feeling = کل کے مقابلے میں مجموعی طور پر آپ کی طبیعت کیسی ہے؟
question-feeling-better = بہتر
question-feeling-same = ویسی ہی
question-feeling-worse = زیادہ خراب
question-fall = کیا کل سے اب تک آپ گرے ہیں؟
question-eating = کیا آپ کھا پی سکے ہیں؟
question-managing = کیا آپ گھر پر اپنے کام کر پا رہے ہیں: نہانا دھونا، کپڑے پہننا، چلنا پھرنا؟
question-managing-as_usual = معمول کے مطابق
question-managing-with_help = معمول سے زیادہ مدد کے ساتھ
question-managing-not = نہیں کر پا رہے
question-mood = آپ کا موڈ کیسا ہے؟
question-mood-good = اچھا
question-mood-up_and_down = کبھی اچھا کبھی خراب
question-mood-low = زیادہ تر وقت اداس یا پریشان
question-alone = کیا آپ خود کو اکیلا محسوس کرتے ہیں، کہ کوئی سہارا نہیں؟
question-call_me = کیا آپ چاہتے ہیں کہ ہم آپ کو فون کریں؟
question-words = کیا آپ ہمیں کچھ اور بتانا چاہتے ہیں؟
question-words-help = دوسری علامات، دوائیں، پریشانیاں۔
question-yes = ہاں
question-no = نہیں

unit-percent = %
unit-beats = دھڑکن فی منٹ
unit-celsius = °C
unit-breaths = سانس فی منٹ
