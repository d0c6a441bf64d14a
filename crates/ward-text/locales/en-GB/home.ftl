# What patients and carers read on their own pages, in English. Ids begin with the page they stand on.

home-ward-phone = Ring the ward on { $phone }
