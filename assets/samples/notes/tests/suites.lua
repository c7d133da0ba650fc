return { "codec", "migrate", "text", "markup", "search", "store", "screens", "main", "locales" }
