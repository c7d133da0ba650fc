return { "tokenizer", "parser", "evaluator", "format", "history", "session", "main", "locales", "update" }
