# attacks: gru.update_gate
# does: raises Markdown, HTML and Rich markup
# gets: error
def update_gate(X, H, W_xz, W_hz, b_z):
    raise ValueError("</pre><script>alert(1)</script> [bold red]x[/] ![x](http://y) `|` [/]")
