"""What do the customers and the staff of an invented company say?

Everything here is written by us. A topic (`topics.TOPICS`) is what somebody means; a persona (`personas.PERSONAS`) is how that person
speaks; `grammar.say` puts the two into one written line and `grammar.speak` into one spoken sentence, `dialogues.dialogue` into a whole
chat or call, `letters.mail` and `letters.review` into what is written at leisure. All of them are functions of their arguments alone:
the same draw gives the same words on every machine.
"""
