<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="fr_FR">
<context>
    <name>AttemptForm</name>
    <message numerus="yes">
        <source>Vous pourrez réessayer dans %n seconde(s).</source>
        <translation>
            <numerusform>Vous pourrez réessayer dans %n seconde.</numerusform>
            <numerusform>Vous pourrez réessayer dans %n secondes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReceptionView</name>
    <message numerus="yes">
        <source>%n point(s) avant d’enregistrer</source>
        <translation>
            <numerusform>%n point avant d’enregistrer</numerusform>
            <numerusform>%n points avant d’enregistrer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SuggestField</name>
    <message numerus="yes">
        <source>%n proposition(s)</source>
        <translation>
            <numerusform>%n proposition</numerusform>
            <numerusform>%n propositions</numerusform>
        </translation>
    </message>
</context>
</TS>
