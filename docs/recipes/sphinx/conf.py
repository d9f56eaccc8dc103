project = "Runbook"
html_theme = "furo"
html_js_files = [("https://crossover.example/embed.js", {"async": "async"})]
