using System.CommandLine;
using System.Text.Json;
using ToolGateway.Host;
using ToolGateway.Rego.Tests.Bundles;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Policy;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Check_ShippedPolicy_IsSound()
    {
        var (code, output, _) = Run("check", Repository.Path("policies"));
        Assert.Equal(0, code);
        Assert.EndsWith("module(s), no errors\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Errors_PointAtTheSourceLine()
    {
        var file = Write("p.rego", "package p\n\nallow if {\n\tx > 1\n}\n");
        var (code, _, error) = Run("check", _directory);
        Assert.Equal(1, code);
        Assert.Equal($"{file}:4:2: rego_unsafe_var_error: var x is unsafe\n    \tx > 1\n    \t^\n1 error(s)\n", error);
    }

    [Fact]
    public void CheckTestAndEval_Bundle_ReadIt()
    {
        var bundle = Path.Combine(_directory, "bundle.tar.gz");
        File.WriteAllBytes(bundle, TestBundle.Pack(
            ("app/p.rego", "package app\nlimit := data.app.base + 1\n"), ("app/p_test.rego", "package app_test\ntest_limit if data.app.limit == 8\n"), ("app/data.json", """{"base":7}""")));
        Assert.Equal((0, "2 module(s), no errors\n", ""), Run("check", bundle));
        Assert.Equal(0, Run("test", bundle).Code);
        Assert.Equal("8\n", Run("eval", "-d", bundle, "--format", "raw", "data.app.limit").Output);
        File.WriteAllBytes(bundle, [1, 2, 3]);
        Assert.Contains($"{bundle}: not a gzip-compressed tar archive", Run("check", bundle).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Json_IsAsOpaWritesIt()
    {
        var file = Write("p.rego", "package p\nq := x\n");
        var (code, output, _) = Run("check", "--format", "json", file);
        Assert.Equal(1, code);
        var item = JsonDocument.Parse(output).RootElement.GetProperty("errors")[0];
        Assert.Equal("rego_unsafe_var_error", item.GetProperty("code").GetString());
        Assert.Equal("var x is unsafe", item.GetProperty("message").GetString());
        Assert.Equal(2, item.GetProperty("location").GetProperty("row").GetInt32());
    }

    [Fact]
    public void Check_PolicyThatBreaksTheContract_IsAnError()
    {
        Write("p.rego", "package toolgateway\ndecision := true\n");
        var (code, _, error) = Run("check", _directory);
        Assert.Equal(1, code);
        Assert.Contains("p.rego:2:1: decision is true, which is no decision", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_MissingPath_SaysSo()
    {
        var (code, _, error) = Run("check", Path.Combine(_directory, "nothing"));
        Assert.Equal(1, code);
        Assert.Contains("nothing does not exist; give a directory or file", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Strict_RefusesUnusedVariables()
    {
        Write("p.rego", "package p\nq if {\n\tx := 1\n}\n");
        Assert.Equal(0, Run("check", _directory).Code);
        Assert.Equal(1, Run("check", "--strict", _directory).Code);
        Assert.Equal(0, Run("check", "--strict", Repository.Path("policies")).Code);
    }

    [Fact]
    public void Test_Shipped_Passes()
    {
        var (code, output, _) = Run("test", Repository.Path("policies"));
        Assert.Equal(0, code);
        Assert.Matches("^PASS: (\\d+)/\\1\n$", output);
    }

    [Fact]
    public void Test_Failures_ShowTheExpressionWithItsValues()
    {
        WriteTests();
        var (code, output, _) = Run("test", _directory);
        Assert.Equal(1, code);
        Assert.Contains("data.p_test.test_wrong: FAIL", output, StringComparison.Ordinal);
        Assert.Contains("p_test.rego:8:2: y == 3\n    y: 2\n", output, StringComparison.Ordinal);
        Assert.Contains("data.p_test.test_cases: FAIL", output, StringComparison.Ordinal);
        Assert.Contains("\n  bad: FAIL\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("good: ", output, StringComparison.Ordinal);
        Assert.Contains("data.p_test.test_conflict: ERROR", output, StringComparison.Ordinal);
        Assert.Contains("eval_conflict_error", output, StringComparison.Ordinal);
        Assert.Contains("data.p_test.todo_test_later: SKIPPED", output, StringComparison.Ordinal);
        Assert.EndsWith("PASS: 1/5\nFAIL: 2/5\nERROR: 1/5\nSKIPPED: 1/5\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_Verbose_ListsEverythingAndWhatWasPrinted()
    {
        WriteTests();
        var (_, output, _) = Run("test", "-v", _directory);
        Assert.Contains("data.p_test.test_right: PASS", output, StringComparison.Ordinal);
        Assert.Contains("\n  | seen 2\n", output, StringComparison.Ordinal);
        Assert.Contains("\n  good: PASS\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_Run_PicksByName()
    {
        WriteTests();
        Assert.Equal((0, "PASS: 1/1\n"), Run("test", _directory, "--run", "test_right$") is var (code, output, _) ? (code, output) : default);
        Assert.Equal("no test cases found\n", Run("test", _directory, "--run", "nothing").Output);
        Assert.Contains("is no regular expression", Run("test", _directory, "--run", "(").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_Skipped_FailsUnlessAskedNotTo()
    {
        Write("p_test.rego", "package p\ntodo_test_a if false\n");
        Assert.Equal(1, Run("test", _directory).Code);
        Assert.Equal(0, Run("test", "-z", _directory).Code);
    }

    [Fact]
    public void Test_Json_HasEveryTest()
    {
        WriteTests();
        var (code, output, _) = Run("test", "--format", "json", _directory);
        Assert.Equal(1, code);
        var tests = JsonDocument.Parse(output).RootElement.EnumerateArray().ToDictionary(test => test.GetProperty("name").GetString()!);
        Assert.Equal(5, tests.Count);
        Assert.Equal("data.p_test", tests["test_right"].GetProperty("package").GetString());
        Assert.False(tests["test_right"].TryGetProperty("fail", out _));
        Assert.True(tests["test_wrong"].GetProperty("fail").GetBoolean());
        Assert.True(tests["todo_test_later"].GetProperty("skip").GetBoolean());
        Assert.Equal("eval_conflict_error", tests["test_conflict"].GetProperty("error").GetProperty("code").GetString());
        Assert.True(tests["test_cases"].GetProperty("sub_results").GetProperty("bad").GetProperty("fail").GetBoolean());
    }

    [Fact]
    public void Test_Coverage_NamesWhatNoTestReaches()
    {
        Write("p.rego", "package p\n\na if {\n\tinput.x == 1\n}\n\nb if {\n\tinput.y == 1\n\tinput.z == 2\n}\n");
        Write("p_test.rego", "package p_test\n\ntest_a if data.p.a with input.x as 1\n");
        var (code, output, _) = Run("test", "--coverage", _directory);
        Assert.Equal(0, code);
        Assert.Contains("p.rego  not covered: 7-9\n", output, StringComparison.Ordinal);
        Assert.Contains("40 %", output, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Run("test", "--coverage", "--format", "json", _directory).Output).RootElement;
        Assert.Equal(40, json.GetProperty("coverage").GetDouble());
        Assert.Equal(3, json.GetProperty("not_covered_lines").GetInt32());
    }

    [Fact]
    public void Eval_Json_IsAsOpaWritesIt()
    {
        Write("p.rego", "package p\nb := input.a + 1\n");
        var input = Write("input.json", """{"a": 41}""");
        var (code, output, _) = Run("eval", "-d", Path.Combine(_directory, "p.rego"), "-i", input, "x := data.p.b; x > 1");
        Assert.Equal(0, code);
        Assert.Equal(
            """
            {
              "result": [
                {
                  "expressions": [
                    {
                      "value": true,
                      "text": "x := data.p.b",
                      "location": {
                        "row": 1,
                        "col": 1
                      }
                    },
                    {
                      "value": true,
                      "text": "x \u003e 1",
                      "location": {
                        "row": 1,
                        "col": 16
                      }
                    }
                  ],
                  "bindings": {
                    "x": 42
                  }
                }
              ]
            }

            """,
            output);
    }

    [Fact]
    public void Eval_Undefined_IsEmpty()
    {
        Write("p.rego", "package p\na if input.x\n");
        Assert.Equal("{}\n", Run("eval", "-d", _directory, "data.p.a").Output);
        Assert.Equal("undefined\n", Run("eval", "-d", _directory, "-f", "pretty", "data.p.a").Output);
    }

    [Fact]
    public void Eval_RawAndPretty_PrintTheValue()
    {
        Write("p.rego", "package p\na := \"text\"\nb := {\"x\": [1, {}], \"y\": []}\n");
        Assert.Equal("text\n", Run("eval", "-d", _directory, "-f", "raw", "data.p.a").Output);
        Assert.Equal("{\n  \"x\": [\n    1,\n    {}\n  ],\n  \"y\": []\n}\n", Run("eval", "-d", _directory, "-f", "pretty", "data.p.b").Output);
    }

    [Fact]
    public void Eval_Errors_HaveCodesAndExitTwo()
    {
        Write("p.rego", "package p\na := 1 / input.zero\n");
        var input = Write("input.json", """{"zero": 0}""");
        var policy = Path.Combine(_directory, "p.rego");
        Assert.Equal("{}\n", Run("eval", "-d", policy, "-i", input, "data.p.a").Output);
        var (code, output, _) = Run("eval", "-d", policy, "-i", input, "--strict-builtin-errors", "data.p.a");
        Assert.Equal(2, code);
        Assert.Equal("eval_builtin_error", JsonDocument.Parse(output).RootElement.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(2, Run("eval", "data.p.a[").Code);
        Assert.Contains("not JSON", Run("eval", "-i", policy, "1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_Explain_ShowsTheSteps()
    {
        Write("p.rego", "package p\na if {\n\tinput.x == 1\n}\n");
        var error = Run("eval", "-d", _directory, "--explain", "data.p.a").Error;
        Assert.Contains("Enter a if", error, StringComparison.Ordinal);
        Assert.Contains("Fail  input.x == 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deps_Shipped_ListsTheFactsItReads()
    {
        var (code, output, _) = Run("deps", "-d", Repository.Path("policies"));
        Assert.Equal(0, code);
        Assert.Contains("input/context/arguments\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("request", output, StringComparison.Ordinal);
        Write("p.rego", "package p\na := time.now_ns()\nb := input\n");
        Assert.Contains("time.now_ns", Run("deps", "-d", _directory, "data.p.a").Output, StringComparison.Ordinal);
        Assert.Equal("(the whole input)\n", Run("deps", "-d", _directory, "data.p.b").Output);
    }

    [Fact]
    public void Capabilities_AreInOpasFormat()
    {
        var builtins = JsonDocument.Parse(Run("capabilities").Output).RootElement.GetProperty("builtins").EnumerateArray()
            .ToDictionary(builtin => builtin.GetProperty("name").GetString()!);
        Assert.True(builtins.Count > 100);
        Assert.Equal("""{"args":[{"type":"string"},{"type":"string"}],"result":{"type":"boolean"},"type":"function"}""", Compact(builtins["startswith"].GetProperty("decl")));
        Assert.True(builtins["time.now_ns"].GetProperty("nondeterministic").GetBoolean());
    }

    [Fact]
    public void Bench_PrintsTimeAndMemory()
    {
        Write("p.rego", "package p\na := input.x\n");
        var figures = JsonDocument.Parse(Run("bench", "-d", _directory, "--seconds", "0.1", "--format", "json", "data.p.a").Output).RootElement;
        Assert.True(figures.GetProperty("evaluations").GetInt64() > 0);
        Assert.True(figures.GetProperty("median_ns").GetDouble() > 0);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = ToolGatewayCommand.Create().Parse(["policy", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private void WriteTests() => Write(
        "p_test.rego",
        """
        package p_test
        test_right if {
        	print("seen", 1 + 1)
        	1 + 1 == 2
        }
        test_wrong if {
        	y := 1 + 1
        	y == 3
        }
        test_cases[note] if {
        	some note, tc in {"good": 2, "bad": 3}
        	tc == 2
        }
        test_conflict if two == 1
        two := 1
        two := 2
        todo_test_later if false

        """);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
