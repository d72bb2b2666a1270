# attacks: gru
# does: loops for ever while the file is imported
# gets: timeout
while True:
    pass
