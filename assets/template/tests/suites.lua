return { "counter", "main" }
