-- The store's categories, which an administrator may change, and which of them an app is in. Times are milliseconds since 1970 (UTC).

CREATE TABLE categories (
  id TEXT PRIMARY KEY NOT NULL,
  names TEXT NOT NULL,
  descriptions TEXT NOT NULL,
  icon TEXT NOT NULL,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- What a category was merged into another one for: whoever still says the old word means the other.
CREATE TABLE category_aliases (
  alias TEXT PRIMARY KEY NOT NULL,
  category_id TEXT NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX category_aliases_category ON category_aliases (category_id, alias);

ALTER TABLE apps ADD COLUMN chosen_category TEXT;
ALTER TABLE apps ADD COLUMN category TEXT;
CREATE INDEX apps_category ON apps (category, id) WHERE category IS NOT NULL;
ALTER TABLE app_audiences ADD COLUMN category TEXT;
CREATE INDEX app_audiences_category ON app_audiences (audience, channel, category, app_id)
WHERE told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL;

INSERT INTO categories (id, names, descriptions, icon, position, revision, created_by, created_at)
SELECT value ->> 0,
  json_object('en', value ->> 1, 'de', value ->> 2, 'ar', value ->> 3),
  '{}', value ->> 4, key + 1, 1, 'system', 0
FROM json_each('[
  ["productivity", "Productivity", "Produktivität", "الإنتاجية", "category-productivity"],
  ["business", "Business", "Unternehmen", "الأعمال", "category-business"],
  ["communication", "Communication", "Kommunikation", "التواصل", "category-communication"],
  ["finance", "Finance", "Finanzen", "المال", "category-finance"],
  ["education", "Education", "Bildung", "التعليم", "category-education"],
  ["health", "Health and fitness", "Gesundheit und Fitness", "الصحة واللياقة", "category-health"],
  ["maps", "Maps and travel", "Karten und Reisen", "الخرائط والسفر", "category-maps"],
  ["media", "Music and video", "Musik und Video", "الموسيقى والفيديو", "category-media"],
  ["graphics", "Photos and design", "Fotos und Gestaltung", "الصور والتصميم", "category-graphics"],
  ["games", "Games", "Spiele", "الألعاب", "category-games"],
  ["news", "News and reading", "Nachrichten und Lesen", "الأخبار والقراءة", "category-news"],
  ["security", "Security", "Sicherheit", "الأمان", "category-security"],
  ["developer-tools", "Developer tools", "Entwicklung", "أدوات المطورين", "category-developer-tools"],
  ["tools", "Tools", "Werkzeuge", "الأدوات", "category-tools"]
]');
