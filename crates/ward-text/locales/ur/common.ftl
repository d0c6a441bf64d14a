### Draft translation of en-GB/common.ftl. See approval.toml.

common-weekday = { $weekday ->
    [1] پیر
    [2] منگل
    [3] بدھ
    [4] جمعرات
    [5] جمعہ
    [6] ہفتہ
   *[7] اتوار
}
common-month = { $month ->
    [1] جنوری
    [2] فروری
    [3] مارچ
    [4] اپریل
    [5] مئی
    [6] جون
    [7] جولائی
    [8] اگست
    [9] ستمبر
    [10] اکتوبر
    [11] نومبر
   *[12] دسمبر
}
common-date = { common-weekday } { $day } { common-month }
common-today = آج { $time } بجے
common-tomorrow = کل { $time } بجے
common-later = { common-date }، { $time } بجے
common-range = { $from } سے { $to } تک

common-draft-title = یہ ترجمہ ابھی جانچا نہیں گیا
common-draft = ہم نے ابھی اس ترجمے کی جانچ نہیں کی۔ اگر کچھ واضح نہ ہو تو انگریزی پڑھیں یا ہمیں { $phone } پر فون کریں۔
common-draft-short = یہ ترجمہ ابھی جانچا نہیں گیا۔ انگریزی نیچے ہے۔
