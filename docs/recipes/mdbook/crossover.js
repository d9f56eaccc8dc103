document.head.append(Object.assign(document.createElement("script"), { src: "https://crossover.example/embed.js" }));
