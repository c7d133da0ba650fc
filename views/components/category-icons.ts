/** What the pictures of categories show, for those who choose one. */
import type { CategoryIcon } from "../../src/catalog/categories/icons.ts";
import type { MessageKey } from "../page.ts";

export const CATEGORY_ICON_WORDS: Readonly<Record<CategoryIcon, MessageKey>> = {
  "category-productivity": "categories.icon_productivity",
  "category-business": "categories.icon_business",
  "category-communication": "categories.icon_communication",
  "category-finance": "categories.icon_finance",
  "category-education": "categories.icon_education",
  "category-health": "categories.icon_health",
  "category-maps": "categories.icon_maps",
  "category-media": "categories.icon_media",
  "category-graphics": "categories.icon_graphics",
  "category-games": "categories.icon_games",
  "category-news": "categories.icon_news",
  "category-security": "categories.icon_security",
  "category-developer-tools": "categories.icon_developer_tools",
  "category-tools": "categories.icon_tools",
  "category-food": "categories.icon_food",
  "category-home": "categories.icon_home",
  "category-industry": "categories.icon_industry",
  "category-music": "categories.icon_music",
  "category-science": "categories.icon_science",
  "category-shopping": "categories.icon_shopping",
  "category-sports": "categories.icon_sports",
  "category-transport": "categories.icon_transport",
  "category-weather": "categories.icon_weather",
  "category-other": "categories.icon_other",
};
