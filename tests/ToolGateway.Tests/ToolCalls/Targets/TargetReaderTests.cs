using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Enforcement;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Tests.ToolCalls.Targets;

public sealed class TargetReaderTests
{
    [Theory]
    [InlineData("/tools/crm", "crm", "", "")]
    [InlineData("/tools/crm/", "crm", "/", "")]
    [InlineData("/tools/crm/customers/42", "crm", "/customers/42", "")]
    [InlineData("/tools/crm/a?x=1&y=2", "crm", "/a", "x=1&y=2")]
    [InlineData("/tools/a.b_c-d/x%20y/%C3%A9:@!$&'()*+,=", "a.b_c-d", "/x%20y/%C3%A9:@!$&'()*+,=", "")]
    [InlineData("/tools/crm/a?path=docs/a%2B1&q=%F0%9F%98%80", "crm", "/a", "path=docs/a%2B1&q=%F0%9F%98%80")]
    [InlineData("/tools/crm/...", "crm", "/...", "")]
    public void Read_CanonicalTarget_IsSplit(string raw, string tool, string path, string query)
    {
        Assert.Null(TargetReader.Read(raw, out var target));
        Assert.Equal((tool, path, query), (target.ToolName.ToString(), target.Path.ToString(), target.Query.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://gateway/tools/crm/a")]
    [InlineData("gateway:443")]
    [InlineData("tools/crm")]
    public void Read_NotOriginForm_IsRefused(string raw) => AssertInvalid(raw);

    [Theory]
    [InlineData("/tools//crm")]
    [InlineData("//tools/crm")]
    [InlineData("/tools/crm//a")]
    [InlineData("/tools/crm/a/")]
    [InlineData("/tools/crm//")]
    [InlineData("/tools/crm/.")]
    [InlineData("/tools/crm/./a")]
    [InlineData("/tools/crm/..")]
    [InlineData("/tools/crm/../hr/a")]
    [InlineData("/tools/../tools/crm/a")]
    public void Read_EmptyOrDotSegment_IsRefused(string raw) => AssertInvalid(raw);

    [Theory]
    [InlineData("/tools/crm/a;b")]
    [InlineData("/tools/crm/a\\b")]
    [InlineData("/tools/crm/a b")]
    [InlineData("/tools/crm/a\"b")]
    [InlineData("/tools/crm/a#b")]
    [InlineData("/tools/crm/a<b")]
    [InlineData("/tools/crm/a|b")]
    [InlineData("/tools/crm/{a}")]
    [InlineData("/tools/crm/a^b")]
    [InlineData("/tools/crm/a`b")]
    [InlineData("/tools/crm/[a]")]
    [InlineData("/tools/crm/\u00e9")]
    [InlineData("/tools/crm/a\tb")]
    [InlineData("/tools/crm/a?x=[1]")]
    [InlineData("/tools/crm/a?x=1;y=2")]
    [InlineData("/tools/crm/a?x=1+2")]
    [InlineData("/tools/crm/a?x=?")]
    [InlineData("/tools/crm/a?x=1#f")]
    public void Read_CharacterOutsideTheList_IsRefused(string raw) => AssertInvalid(raw);

    [Theory]
    [InlineData("%")]
    [InlineData("%2")]
    [InlineData("%ZZ")]
    [InlineData("%c3%a9")]
    [InlineData("%2f")]
    [InlineData("%2F")]
    [InlineData("%5C")]
    [InlineData("%25")]
    [InlineData("%252e")]
    [InlineData("%3B")]
    [InlineData("%2E")]
    [InlineData("%2E%2E")]
    [InlineData("%41")]
    [InlineData("%7E")]
    [InlineData("%00")]
    [InlineData("%0D%0A")]
    [InlineData("%7F")]
    [InlineData("%C2%85")]
    [InlineData("%C0%AF")]
    [InlineData("%C3")]
    [InlineData("%C3%28")]
    [InlineData("%ED%A0%80")]
    [InlineData("%E0%80%AF")]
    [InlineData("%F4%90%80%80")]
    [InlineData("%FF")]
    [InlineData("%u0041")]
    public void Read_TripletThatIsNotCanonical_IsRefusedInPathAndQuery(string triplet)
    {
        AssertInvalid($"/tools/crm/a{triplet}");
        AssertInvalid($"/tools/crm/a?x={triplet}");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/other")]
    [InlineData("/tools")]
    [InlineData("/Tools/crm")]
    public void Read_OutsideOfTools_IsUnknown(string raw)
    {
        var refusal = TargetReader.Read(raw, out _);
        Assert.Equal((404, ReasonCodes.ToolUnknown), (refusal?.Status, refusal?.Reason));
    }

    [Fact]
    public void EncodedRuneLength_AnyRune_AgreesWithTheRule() => Prop.ForAll<int>(seed =>
    {
        var value = (int)((uint)seed % 0x110000);
        if (!System.Text.Rune.IsValid(value))
            return;
        var rune = new System.Text.Rune(value);
        var encoded = string.Concat(System.Text.Encoding.UTF8.GetBytes(rune.ToString()).Select(b => $"%{b:X2}"));
        Assert.Equal(TargetReader.MayBeEncoded(rune) ? encoded.Length : 0, TargetReader.EncodedRuneLength(encoded));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_AnyTarget_AcceptsOnlyWhatUriKeepsAndDecodesOnce()
    {
        const string alphabet = "/..%252fF2eE5cC3A9;:@?&=a\\#+ \u00e9";
        var random = new Random(4711);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var raw = "/tools/crm/" + string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            if (TargetReader.Read(raw, out var target) is not null)
                continue;
            accepted++;
            Assert.Equal("crm", target.ToolName.ToString());
            var uri = new Uri("http://tool" + raw);
            Assert.Equal(raw, uri.PathAndQuery);
            var decoded = Uri.UnescapeDataString(target.Path.ToString());
            Assert.Equal(decoded, Uri.UnescapeDataString(decoded));
            Assert.DoesNotContain(decoded[1..].TrimEnd('/').Split('/'), segment => segment is "." or ".." || segment.Contains('\\', StringComparison.Ordinal));
        }

        Assert.True(accepted > 1000, $"{accepted} accepted");
    }

    private static void AssertInvalid(string raw)
    {
        var refusal = TargetReader.Read(raw, out _);
        Assert.Equal((400, ReasonCodes.TargetInvalid), (refusal?.Status, refusal?.Reason));
    }
}
