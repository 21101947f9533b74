"""Mail: what arrives is read here into a ``ParsedMail``; nothing here touches a database or a clock."""
