using System.Formats.Asn1;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>A name in the form of Go's pkix.Name.</summary>
internal static class DistinguishedName
{
    private static readonly (string Oid, string Member)[] Lists =
    [
        ("2.5.4.6", "Country"), ("2.5.4.10", "Organization"), ("2.5.4.11", "OrganizationalUnit"), ("2.5.4.7", "Locality"), ("2.5.4.8", "Province"),
        ("2.5.4.9", "StreetAddress"), ("2.5.4.17", "PostalCode"),
    ];

    public static RegoObject ToValue(ReadOnlyMemory<byte> der)
    {
        var attributes = Read(der);
        var result = new RegoObjectBuilder();
        foreach (var (oid, member) in Lists)
        {
            var values = attributes.Where(attribute => attribute.Oid == oid && attribute.Text is not null).Select(attribute => (RegoValue)new RegoString(attribute.Text!)).ToList();
            result.Set(member, values.Count == 0 ? RegoNull.Value : RegoArray.From(values));
        }

        result.Set("CommonName", new RegoString(Last(attributes, "2.5.4.3")));
        result.Set("SerialNumber", new RegoString(Last(attributes, "2.5.4.5")));
        result.Set("Names", attributes.Count == 0 ? RegoNull.Value : RegoArray.From(attributes.Select(ToAttribute)));
        result.Set("ExtraNames", RegoNull.Value);
        return result.ToObject();
    }

    /// <summary>An object identifier as Go writes it: an array of numbers.</summary>
    public static RegoArray Oid(string oid) => RegoArray.From(oid.Split('.').Select(RegoNumber.Parse));

    private static string Last(List<(string Oid, string? Text)> attributes, string oid) => attributes.FindLast(attribute => attribute.Oid == oid).Text ?? "";

    private static RegoObject ToAttribute((string Oid, string? Text) attribute)
    {
        var result = new RegoObjectBuilder();
        result.Set("Type", Oid(attribute.Oid));
        result.Set("Value", attribute.Text is null ? RegoNull.Value : new RegoString(attribute.Text));
        return result.ToObject();
    }

    private static List<(string Oid, string? Text)> Read(ReadOnlyMemory<byte> der)
    {
        var result = new List<(string, string?)>();
        for (var name = new AsnReader(der, AsnEncodingRules.DER).ReadSequence(); name.HasData;)
        {
            for (var set = name.ReadSetOf(skipSortOrderValidation: true); set.HasData;)
            {
                var attribute = set.ReadSequence();
                result.Add((attribute.ReadObjectIdentifier(), ReadText(attribute)));
            }
        }

        return result;
    }

    private static string? ReadText(AsnReader reader)
    {
        var tag = reader.PeekTag();
        switch ((UniversalTagNumber)tag.TagValue)
        {
            case UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.BMPString
                or UniversalTagNumber.NumericString or UniversalTagNumber.T61String when tag.TagClass == TagClass.Universal:
                return reader.ReadCharacterString((UniversalTagNumber)tag.TagValue);
            default:
                reader.ReadEncodedValue();
                return null;
        }
    }
}
