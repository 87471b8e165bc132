// What a user is told of a step, in each language that is offered. Texts only; which language is chosen is the
// request's business.

/** Languages of remarks, the default first. */
export const LANGUAGES = ['en', 'de', 'fr', 'ja', 'ar'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One text in every language; the English one is printable ASCII. */
export type Phrase = Readonly<Record<Language, string>>;

/** The steps of the drafts' example. */
export const EXAMPLE_STEPS: readonly Phrase[] = [
  {
    en: 'Herding cats',
    de: 'Katzen hüten',
    fr: 'Rassembler les chats',
    ja: '猫を集めています',
    ar: 'رعي القطط',
  },
  {
    en: 'Knitting sweaters',
    de: 'Pullover stricken',
    fr: 'Tricoter des pulls',
    ja: 'セーターを編んでいます',
    ar: 'حياكة الكنزات',
  },
  {
    en: 'Slaying dragons',
    de: 'Drachen erlegen',
    fr: 'Terrasser des dragons',
    ja: '竜を退治しています',
    ar: 'قتل التنانين',
  },
];

/** The last word of a job. */
export const AVAILABLE: Phrase = {
  en: 'Available',
  de: 'Verfügbar',
  fr: 'Disponible',
  ja: '利用できます',
  ar: 'متاح',
};

/** The last word of a job that deletes. */
export const DELETED: Phrase = {
  en: 'Deleted',
  de: 'Gelöscht',
  fr: 'Supprimé',
  ja: '削除しました',
  ar: 'تم الحذف',
};

export const READING: Phrase = {
  en: 'Reading the document',
  de: 'Dokument lesen',
  fr: 'Lire le document',
  ja: '文書を読んでいます',
  ar: 'قراءة المستند',
};

export const LAYING_OUT: Phrase = {
  en: 'Laying out the pages',
  de: 'Seiten setzen',
  fr: 'Mettre en page',
  ja: 'ページを組んでいます',
  ar: 'تنسيق الصفحات',
};

export const PRINTING: Phrase = {
  en: 'Printing',
  de: 'Drucken',
  fr: 'Imprimer',
  ja: '印刷しています',
  ar: 'الطباعة',
};

export const COMPARING: Phrase = {
  en: 'Comparing',
  de: 'Vergleichen',
  fr: 'Comparer',
  ja: '比較しています',
  ar: 'المقارنة',
};

export const HASHING: Phrase = {
  en: 'Computing the digest',
  de: 'Prüfsumme berechnen',
  fr: 'Calculer l’empreinte',
  ja: 'ダイジェストを計算しています',
  ar: 'حساب البصمة',
};

export const LOOKING_UP: Phrase = {
  en: 'Looking up the file',
  de: 'Datei suchen',
  fr: 'Chercher le fichier',
  ja: 'ファイルを探しています',
  ar: 'البحث عن الملف',
};
