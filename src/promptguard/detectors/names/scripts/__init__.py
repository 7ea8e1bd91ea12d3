"""Names in scripts that the model does not know, by lists and rules: one file a way of writing.

What introduces a person (`меня зовут`, `السيد`, `我叫`, `さん`, `씨`), a listed given name beside a surname, and the
forms that surnames and patronymics have in a language. A name that stands alone, in no list, is not found.
"""
